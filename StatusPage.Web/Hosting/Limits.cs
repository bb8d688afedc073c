using System.Globalization;
using Microsoft.AspNetCore.RateLimiting;

namespace StatusPage.Web.Hosting;

/// <summary>
/// Limits how often one address may use the endpoints that anybody can reach; attributes on the endpoints name the limit. Only writes and searches count.
/// The framework's own limiter counts on one node only, so this reads its attributes and counts by <see cref="Counts"/>.
/// </summary>
public sealed class Limits(RequestDelegate next, Counts counts, Settings settings)
{
    public const string SignIn = "sign-in";
    public const string Subscribe = "subscribe";
    public const string Search = "search";

    /// <summary>Requests that are sent while somebody types.</summary>
    public const string Typing = "typing";

    /// <summary>For each address; a search looks through all texts of 90 days.</summary>
    private const int SearchesPerMinute = 60;

    /// <summary>For each address; typing a password sends at most four a second.</summary>
    private const int TypedPerMinute = 120;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public async Task InvokeAsync(HttpContext context)
    {
        if (Find(context) is { } limit)
        {
            var tally = await counts.TakeAsync($"limit.{limit.Name}", ClientAddress.Of(context), Window, context.RequestAborted);
            if (tally.Number > limit.Permits)
            {
                await RefuseAsync(context, tally.EndsIn);
                return;
            }
        }
        await next(context);
    }

    /// <summary>Seconds, rounded up.</summary>
    public static string Seconds(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private (string Name, int Permits)? Find(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (
            metadata?.GetMetadata<DisableRateLimitingAttribute>() is not null
            || metadata?.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName is not { } name
        )
            return null;
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        return name switch
        {
            Search => (name, SearchesPerMinute),
            Typing => (name, TypedPerMinute),
            SignIn => isRead ? null : (name, settings.SignInsPerMinute),
            Subscribe => isRead ? null : (name, settings.SubscriptionsPerMinute),
            _ => throw new InvalidOperationException($"There is no limit '{name}'."),
        };
    }

    private static Task RefuseAsync(HttpContext context, TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = Seconds(wait);
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        return Failures.RefuseAsync(context, "Too many attempts from your address. Wait a minute, then try again.");
    }
}
