using StatusPage.Web.Hosting;
using StatusPage.Web.Notices;

namespace StatusPage.Web.Deliveries;

/// <summary>
/// Notices that this machine's clock was put back. Rows that were postponed or claimed while it was ahead would wait until that time comes again, perhaps
/// a day; they are made due now.
/// </summary>
public sealed partial class ClockWatch(
    Ledger ledger,
    NoticeClaims notices,
    Throttle throttle,
    DeliveryBell bell,
    NoticeBell noticeBell,
    WorkerTools tools,
    ILogger<ClockWatch> logger
) : Worker("The clock", tools, logger)
{
    private static readonly TimeSpan Looks = TimeSpan.FromSeconds(1);

    /// <summary>Smaller corrections happen all the time, and are shorter than a lease.</summary>
    private static readonly TimeSpan Slight = TimeSpan.FromSeconds(10);

    private (DateTimeOffset Now, long Steady)? _last;

    /// <summary>The clock's time at the last look; null before the first.</summary>
    public DateTimeOffset? LastLook => _last?.Now;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        var (now, steady) = (Time.GetUtcNow(), Time.GetTimestamp());
        if (_last is var (before, since) && before + Time.GetElapsedTime(since, steady) - now is var back && back > Slight)
        {
            Log.PutBack(logger, back);
            throttle.Forget();
            var from = now + back - Slight;
            await ledger.BringForwardAsync(from, stopping);
            await notices.BringForwardAsync(from, stopping);
            bell.Ring();
            noticeBell.Ring();
        }
        _last = (now, steady);
        return Looks;
    }

    private static partial class Log
    {
        [LoggerMessage(224, LogLevel.Warning, "The clock was put back by {Back}. What was put off while it was ahead is due now.")]
        public static partial void PutBack(ILogger logger, TimeSpan back);
    }
}
