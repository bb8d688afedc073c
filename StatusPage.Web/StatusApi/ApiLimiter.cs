using System.Globalization;
using System.Threading.RateLimiting;
using StatusPage.Web.Accounts;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.StatusApi;

/// <summary>
/// How often one key may ask, on this node: a bucket that holds a minute's requests and fills evenly. Every answer says what is left,
/// in the headers of draft-ietf-httpapi-ratelimit-headers.
/// </summary>
public sealed class ApiLimiter(Settings settings) : IDisposable
{
    private readonly PartitionedRateLimiter<int> _keys = PartitionedRateLimiter.Create<int, int>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => new()
    {
        TokenLimit = settings.ApiRequestsPerMinute, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromMinutes(1) / settings.ApiRequestsPerMinute,
    }));

    /// <returns>Seconds to wait when the bucket is empty; null when the request may go on.</returns>
    public int? Count(HttpContext http)
    {
        var key = http.User.ApiKeyId();
        using var lease = _keys.AttemptAcquire(key);
        var left = (int)(_keys.GetStatistics(key)?.CurrentAvailablePermits ?? 0);
        var each = 60.0 / settings.ApiRequestsPerMinute;
        var headers = http.Response.Headers;
        headers["RateLimit-Limit"] = Text(settings.ApiRequestsPerMinute);
        headers["RateLimit-Remaining"] = Text(left);
        headers["RateLimit-Reset"] = Text((int)Math.Ceiling((settings.ApiRequestsPerMinute - left) * each));
        if (lease.IsAcquired) return null;
        var wait = Math.Max(1, (int)Math.Ceiling(each));
        headers.RetryAfter = Text(wait);
        return wait;

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    public void Dispose() => _keys.Dispose();
}
