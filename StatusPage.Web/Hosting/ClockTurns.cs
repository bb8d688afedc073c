namespace StatusPage.Web.Hosting;

public static class ClockTurns
{
    /// <summary>
    /// Whether an instant that was set by this machine's clock is still to come. One that is further away than anything is ever set was set while the clock was wrong.
    /// </summary>
    /// <param name="longest">How far ahead it is set at most.</param>
    public static bool IsAhead(this DateTimeOffset until, DateTimeOffset now, TimeSpan longest) => until > now && until - now <= longest;
}
