using Microsoft.Extensions.Primitives;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Shared;

/// <summary>The headers of every HTML answer.</summary>
public static class SecurityHeaders
{
    private const string OpenerPolicy = "Cross-Origin-Opener-Policy",
        ResourcePolicy = "Cross-Origin-Resource-Policy";
    private static readonly StringValues NoSniff = "nosniff",
        SameOrigin = "same-origin",
        Year = "max-age=31536000",
        YearBelow = "max-age=31536000; includeSubDomains";

    /// <summary>For documents that other sites are meant to load.</summary>
    public static readonly KeyValuePair<string, StringValues> LoadedAnywhere = new(ResourcePolicy, "cross-origin");

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
    public static readonly StringValues PolicyInFrame = string.Join(
        "; ",
        [.. Policy.Where(rule => !rule.StartsWith("frame-ancestors", StringComparison.Ordinal)), "frame-ancestors 'self'"]
    );

    /// <summary>For the one page that anybody may frame.</summary>
    public static readonly IReadOnlyList<KeyValuePair<string, StringValues>> Framable =
    [
        new("Content-Security-Policy", string.Join("; ", Policy.Select(rule => rule == "frame-ancestors 'none'" ? "frame-ancestors *" : rule))),
        new("X-Content-Type-Options", "nosniff"),
        new("Referrer-Policy", "strict-origin-when-cross-origin"),
        new("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
        LoadedAnywhere,
    ];

    public static readonly IReadOnlyList<KeyValuePair<string, StringValues>> All =
    [
        new("Content-Security-Policy", string.Join("; ", Policy)),
        new("X-Content-Type-Options", "nosniff"),
        new("Referrer-Policy", "strict-origin-when-cross-origin"),
        new("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ];

    /// <summary>
    /// The headers of every answer, assets and errors too. A document that other sites are meant to load says so itself. A browser that came by https
    /// comes by https alone for a year. Names below this one are not included; they are the operator's to decide.
    /// </summary>
    public static void UseCommonHeaders(this WebApplication app)
    {
        var transport = TransportOf(app.Services.GetRequiredService<Settings>());
        app.Use(
            (context, next) =>
            {
                SetCommon(context.Response.Headers);
                if (transport.Count > 0)
                    context.Response.Headers.StrictTransportSecurity = transport;
                return next(context);
            }
        );
    }

    /// <summary>Sets the headers again after an error, when the answer begins anew.</summary>
    public static void SetAgain(HttpContext context)
    {
        SetCommon(context.Response.Headers);
        if (TransportOf(context.RequestServices.GetRequiredService<Settings>()) is { Count: > 0 } transport)
            context.Response.Headers.StrictTransportSecurity = transport;
    }

    private static StringValues TransportOf(Settings settings) =>
        !settings.IsHttps ? default
        : settings.HstsSubDomains ? YearBelow
        : Year;

    private static void SetCommon(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = NoSniff;
        headers[OpenerPolicy] = SameOrigin;
        headers[ResourcePolicy] = SameOrigin;
    }

    public static void UseSecurityHeaders(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                foreach (var (name, value) in All)
                    context.Response.Headers[name] = value;
                return next(context);
            }
        );
}
