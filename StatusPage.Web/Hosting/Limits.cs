using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace StatusPage.Web.Hosting;

/// <summary>How often one address may knock at the doors that anybody can reach. Only writes count, and searches.</summary>
public static class Limits
{
    public const string SignIn = "sign-in";
    public const string Subscribe = "subscribe";
    public const string Search = "search";

    /// <summary>What is asked while somebody types.</summary>
    public const string Typing = "typing";

    /// <summary>For each address; a search looks through everything that was said in 90 days.</summary>
    private const int SearchesPerMinute = 60;

    /// <summary>For each address; four in a second at most are asked for while a password is typed.</summary>
    private const int TypedPerMinute = 120;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static void Configure(RateLimiterOptions limiter)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = RefuseAsync;
        limiter.AddPolicy(SignIn, context => PerAddress(context, context.RequestServices.GetRequiredService<Settings>().SignInsPerMinute));
        limiter.AddPolicy(Search, context => RateLimitPartition.GetFixedWindowLimiter(AddressOf(context), _ => new() { PermitLimit = SearchesPerMinute, Window = Window }));
        limiter.AddPolicy(Typing, context => RateLimitPartition.GetFixedWindowLimiter(AddressOf(context), _ => new() { PermitLimit = TypedPerMinute, Window = Window }));
        limiter.AddPolicy(Subscribe, context => PerAddress(context, context.RequestServices.GetRequiredService<Settings>().SubscriptionsPerMinute));
    }

    private static RateLimitPartition<string> PerAddress(HttpContext context, int permits)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            return RateLimitPartition.GetNoLimiter("read");
        return RateLimitPartition.GetFixedWindowLimiter(AddressOf(context), _ => new() { PermitLimit = permits, Window = Window });
    }

    internal static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    private static async ValueTask RefuseAsync(OnRejectedContext rejected, CancellationToken cancel)
    {
        var response = rejected.HttpContext.Response;
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Window;
        response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        response.ContentType = "text/plain; charset=utf-8";
        await response.WriteAsync("Too many attempts from your address. Wait a minute, then try again.", cancel);
    }
}
