using StatusPage.Web.Hosting;
using StatusPage.Web.Snapshot;

namespace StatusPage.Web.Themes;

/// <summary>
/// Notices changes in the folders of themes, without a restart. It looks instead of being told: a handful of files each second cost nothing, and network
/// shares and mounted volumes tell nobody.
/// </summary>
public sealed partial class ThemeWatch(ThemeCatalog themes, PublishBell bell, WorkerTools tools, ILogger<ThemeWatch> logger)
    : Worker("Themes", tools, logger)
{
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(1);

    protected override bool NeedsStore => false;

    protected override Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        Look();
        return Task.FromResult(Each);
    }

    /// <summary>Reads the changed themes, says so in the log, and has the pages that wear them rendered anew.</summary>
    public IReadOnlyList<ThemeState> Look(bool all = false)
    {
        var news = themes.Look(all);
        foreach (var state in news)
        {
            if (state.Trouble is null)
                Log.Read(logger, state.Name);
            else if (state.Theme is null)
                Log.Refused(logger, state.Name, state.Trouble);
            else
                Log.KeptBefore(logger, state.Name, state.Trouble);
        }
        if (news.Count > 0)
            bell.Ring();
        return news;
    }

    private static partial class Log
    {
        [LoggerMessage(180, LogLevel.Debug, "Theme {Name} was read.")]
        public static partial void Read(ILogger logger, string name);

        [LoggerMessage(181, LogLevel.Warning, "Theme {Name} is refused; pages keep the one before. {Reason}")]
        public static partial void KeptBefore(ILogger logger, string name, string reason);

        [LoggerMessage(182, LogLevel.Warning, "Theme {Name} cannot be chosen. {Reason}")]
        public static partial void Refused(ILogger logger, string name, string reason);
    }
}
