using System.Globalization;
using StatusPage.Web.Accounts;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.StatusApi;

/// <summary>
/// Limits the requests of one key in a minute, over all nodes together. Every answer says what is left, in the headers of
/// draft-ietf-httpapi-ratelimit-headers.
/// </summary>
public sealed class ApiLimiter(Settings settings, Counts counts)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <returns>Seconds to wait when the minute's requests are used up; null when the request may go on.</returns>
    public async Task<string?> CountAsync(HttpContext http)
    {
        var limit = settings.ApiRequestsPerMinute;
        var tally = await counts.TakeAsync("api.key", Text(http.User.ApiKeyId()), Window, http.RequestAborted);
        var wait = Limits.Seconds(tally.EndsIn);
        var headers = http.Response.Headers;
        headers["RateLimit-Limit"] = Text(limit);
        headers["RateLimit-Remaining"] = Text(Math.Max(0, limit - tally.Number));
        headers["RateLimit-Reset"] = wait;
        if (tally.Number <= limit)
            return null;
        headers.RetryAfter = wait;
        return wait;

        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
