namespace StatusPage.Web.Hosting;

public static class ClockTurns
{
    /// <summary>
    /// Whether an instant that this machine's clock set is still to come. An instant further ahead than the longest wait was set while the clock was
    /// wrong.
    /// </summary>
    /// <param name="longest">How far ahead it can be set at most.</param>
    public static bool IsAhead(this DateTimeOffset until, DateTimeOffset now, TimeSpan longest) => until > now && until - now <= longest;
}
