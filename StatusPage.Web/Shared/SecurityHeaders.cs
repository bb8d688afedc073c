using Microsoft.Extensions.Primitives;

namespace StatusPage.Web.Shared;

/// <summary>What every HTML answer says to the browser.</summary>
public static class SecurityHeaders
{
    private static readonly string[] Policy =
    [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ];

    /// <summary>For a page of the desk that shows documents of its own in frames.</summary>
    public static readonly StringValues PolicyWithFrames = string.Join("; ", [.. Policy, "frame-src 'self'"]);

    /// <summary>For a document that the desk shows in a frame.</summary>
    public static readonly StringValues PolicyInFrame = string.Join("; ", [.. Policy.Where(rule => !rule.StartsWith("frame-ancestors", StringComparison.Ordinal)), "frame-ancestors 'self'"]);

    /// <summary>For the one page that anybody may frame.</summary>
    public static readonly IReadOnlyList<KeyValuePair<string, StringValues>> Framable =
    [
        new("Content-Security-Policy", string.Join("; ", Policy.Select(rule => rule switch { "frame-ancestors 'none'" => "frame-ancestors *", "script-src 'self'" => "script-src 'none'", _ => rule }))),
        new("X-Content-Type-Options", "nosniff"),
        new("Referrer-Policy", "strict-origin-when-cross-origin"),
        new("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
        new("Cross-Origin-Resource-Policy", "cross-origin"),
    ];

    public static readonly IReadOnlyList<KeyValuePair<string, StringValues>> All =
    [
        new("Content-Security-Policy", string.Join("; ", Policy)),
        new("X-Content-Type-Options", "nosniff"),
        new("Referrer-Policy", "strict-origin-when-cross-origin"),
        new("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ];

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        foreach (var (name, value) in All) context.Response.Headers[name] = value;
        return next(context);
    });
}
