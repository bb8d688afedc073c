using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Pages;
using StatusPage.Web.Public;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Snapshot;

/// <summary>Rung when a page was changed.</summary>
public sealed class PublishBell(TimeProvider time) : Bell(time);

/// <summary>
/// Keeps the public pages true: it reads their versions and, for each that changed, builds the snapshot, renders every document and swaps the edition.
/// While it works, and while the store is away, the old edition is served. In a storm of posts it rests as long as it worked, so that several posts make
/// one edition.
/// </summary>
public sealed partial class SnapshotPublisher(
    IServiceScopeFactory scopes,
    StoreState store,
    PublicSites sites,
    SiteRenderer renderer,
    SnapshotExchange exchange,
    SnapshotFile file,
    ThemeCatalog themes,
    PublishBell bell,
    IHostApplicationLifetime lifetime,
    WorkerTools tools,
    ILogger<SnapshotPublisher> logger
) : Worker("Public pages", tools, logger)
{
    /// <summary>How often the versions are looked at when no bell rings: another node may have posted.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>The longest rest after an edition; an author waits for two seconds.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(400);

    /// <summary>Snapshots are saved no more often than this.</summary>
    private static readonly TimeSpan BetweenSaves = TimeSpan.FromSeconds(1);

    /// <summary>How long an edition that cannot be checked is shown without the time as of which it holds.</summary>
    private static readonly TimeSpan TrustedFor = TimeSpan.FromMinutes(2);

    /// <summary>A page that cannot be renewed is tried again after two seconds, then four and so on, at most after this time.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Dictionary<PageId, Setback> _setbacks = [];
    private IReadOnlyList<PublicSite>? _kept;
    private readonly Dictionary<PageId, SeenIncidents> _seen = [];
    private readonly Dictionary<PageId, StatusSnapshot> _unsaved = [];
    private long? _savedAt;
    private DateTimeOffset _confirmedAt;
    private TimeSpan _worked;
    private bool _away;

    /// <summary>While the store is away it shows what there is.</summary>
    protected override bool NeedsStore => false;

    /// <summary>Links need the address, which is known when the server listens.</summary>
    protected override Task BeginAsync(CancellationToken stopping) =>
        Task.WhenAny(Task.Delay(Timeout.Infinite, lifetime.ApplicationStarted), Task.Delay(Timeout.Infinite, stopping));

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        _worked = TimeSpan.Zero;
        await RefreshAsync(stopping);
        await SaveAsync(atOnce: false, stopping);
        return UntilNextLook();
    }

    protected override async Task PauseAsync(TimeSpan length, CancellationToken stopping)
    {
        if (_worked > TimeSpan.Zero)
            await Task.Delay(_worked < LongestRest ? _worked : LongestRest, Time, stopping);
        await bell.WaitAsync(length, stopping);
    }

    protected override Task EndAsync() => SaveAsync(atOnce: true, CancellationToken.None);

    /// <summary>Saves what was shown last. Posts that follow each other closely make one file.</summary>
    private async Task SaveAsync(bool atOnce, CancellationToken cancel)
    {
        if (_unsaved.Count == 0 || !atOnce && _savedAt is { } before && Time.GetElapsedTime(before) < BetweenSaves)
            return;
        _savedAt = Time.GetTimestamp();
        foreach (var snapshot in _unsaved.Values)
            await file.SaveAsync(snapshot, cancel);
        _unsaved.Clear();
    }

    private async Task RefreshAsync(CancellationToken cancel)
    {
        if (!store.Asked.IsCompleted)
            await ShowSavedAsync(cancel);
        // A snapshot that another node built is taken as it is, without a look at the store.
        foreach (var shared in exchange.News())
        {
            if (
                sites.Of(shared.Snapshot.PageId) is not { Current: { } current } site
                || site.Location != shared.Snapshot.Location
                || shared.Snapshot.Version <= current.Snapshot.Version
            )
                continue;
            _confirmedAt = Time.GetUtcNow();
            await AloneAsync(site, shared.Snapshot.Version, () => ShowAsync(site, shared.Snapshot, null));
        }
        try
        {
            if (!store.IsReady)
            {
                await ShowWithoutStoreAsync(cancel);
                return;
            }
            await ShowFromStoreAsync(cancel);
            if (_away)
                Log.Back(logger);
            _away = false;
        }
        catch (Exception exception) when (StoreSetup.IsOutage(exception))
        {
            if (!_away)
                Log.Away(logger, exception.GetType().Name);
            _away = true;
            await ShowWithoutStoreAsync(cancel);
        }
    }

    /// <summary>While the store is being opened, shows what was shown before the restart.</summary>
    private async Task ShowSavedAsync(CancellationToken cancel)
    {
        var saved = await file.LoadAsync(cancel);
        if (saved.Count == 0)
            return;
        Expect(saved.Select(one => one.Snapshot));
        foreach (var (snapshot, _) in saved)
        {
            if (sites.Of(snapshot.PageId) is { } site)
                await AloneAsync(
                    site,
                    snapshot.Version,
                    async () => site.Swap(await renderer.RenderAsync(SnapshotBuilder.Advance(snapshot, Time.GetUtcNow()), null, null, essentials: true))
                );
        }
        await store.Asked.WaitAsync(cancel);
        if (store.IsReady)
            return;
        foreach (var (snapshot, at) in saved)
            if (sites.Of(snapshot.PageId) is { } site)
                await AloneAsync(site, snapshot.Version, () => ShowAsync(site, SnapshotBuilder.Advance(snapshot, Time.GetUtcNow()), at));
    }

    private async Task ShowFromStoreAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var now = Time.GetUtcNow();
        var pages = await db
            .Pages.Open()
            .OrderBy(page => page.CreatedAt)
            .Select(page => new
            {
                page.Id,
                page.Slug,
                page.HostName,
                page.Version,
            })
            .ToListAsync(cancel);
        _confirmedAt = now;
        sites.Set([.. pages.Select(page => (page.Id, new PageLocation(page.Slug, page.HostName)))]);
        exchange.List(pages.ConvertAll(page => page.Id));
        if (sites.All != _kept)
        {
            file.Keep(_kept = sites.All);
            foreach (var gone in _seen.Keys.Union(_unsaved.Keys).Except(pages.Select(page => page.Id)).ToList())
            {
                _seen.Remove(gone);
                _unsaved.Remove(gone);
            }
        }
        foreach (var page in pages)
        {
            var site = sites.Of(page.Id)!;
            site.BehindSince(page.Version, now);
            var follows =
                site.Current is { AsOf: null, IsComplete: true, Failed.Count: 0 } current
                && current.Snapshot.Version == page.Version
                && IsInFashion(current)
                // If now is before the snapshot's own time, the clock was put back, and what the snapshot says of the time since is wrong.
                && now >= current.Snapshot.AsOf
                && now < current.Snapshot.NextChangeAt;
            if (follows || Waits(page.Id, page.Version, now))
                continue;
            await AloneAsync(site, page.Version, () => RenewAsync(site, page.Id, now, cancel));
        }
    }

    /// <summary>
    /// A page that cannot be made must not keep the news from the others. It is tried again by itself: soon, or at once when somebody changed it.
    /// </summary>
    private async Task AloneAsync(PublicSite site, long version, Func<Task> renew)
    {
        try
        {
            await renew();
            if (site.PageId is { } shown && site.Current is { Failed.Count: 0 })
                _setbacks.Remove(shown);
            else
                SetBack(site, version);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !StoreSetup.IsOutage(exception))
        {
            Log.PageFailed(logger, site.PageId?.Value ?? "?", exception);
            SetBack(site, version);
        }
    }

    private void SetBack(PublicSite site, long version)
    {
        if (site.PageId is not { } page)
            return;
        var times = _setbacks.TryGetValue(page, out var before) && before.Version == version ? before.Times + 1 : 1;
        var pause = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, times), LongestPause.TotalSeconds));
        _setbacks[page] = new(version, times, Time.GetUtcNow() + pause);
    }

    private bool Waits(PageId page, long version, DateTimeOffset now) =>
        _setbacks.TryGetValue(page, out var before) && before.Version == version && before.Until.IsAhead(now, LongestPause);

    private sealed record Setback(long Version, int Times, DateTimeOffset Until);

    private async Task RenewAsync(PublicSite site, PageId page, DateTimeOffset now, CancellationToken cancel)
    {
        var began = Time.GetTimestamp();
        // A scope of its own, so that what one page leaves behind is not in the way of the next.
        await using var scope = scopes.CreateAsyncScope();
        if (!_seen.TryGetValue(page, out var seen))
            _seen[page] = seen = new();
        var snapshot = await scope
            .ServiceProvider.GetRequiredService<StatusDb>()
            .ReadSnapshotAsync(page, now, cancel, leftOut: (row, why) => Log.LeftOut(logger, row, why), seen: seen);
        Log.Read(logger, snapshot.Version, (int)Time.GetElapsedTime(began).TotalMilliseconds);
        if (snapshot.Location != site.Location)
            return;
        await ShowAsync(site, snapshot, null);
        exchange.Offer(new(snapshot, now));
    }

    /// <summary>Goes on with the last edition, moved by the clock alone. At the start it comes from another node, or from disk.</summary>
    private async Task ShowWithoutStoreAsync(CancellationToken cancel)
    {
        var now = Time.GetUtcNow();
        if (sites.First.Current is null)
        {
            var shared = await exchange.GetAsync(cancel);
            var left = shared.Count > 0 ? [.. shared.Select(one => (one.Snapshot, At: one.BuiltAt))] : await file.LoadAsync(cancel);
            Expect(left.Select(one => one.Snapshot));
            foreach (var (snapshot, at) in left)
                if (sites.Of(snapshot.PageId) is { } site)
                    await AloneAsync(site, snapshot.Version, () => ShowAsync(site, SnapshotBuilder.Advance(snapshot, now), at));
            return;
        }
        foreach (var site in sites.All)
        {
            if (site.Current is not { } current)
                continue;
            await AloneAsync(
                site,
                current.Snapshot.Version,
                async () =>
                {
                    var moved = SnapshotBuilder.Advance(current.Snapshot, now);
                    var asOf = current.AsOf ?? (now - _confirmedAt > TrustedFor ? _confirmedAt : null);
                    if (moved != current.Snapshot || asOf != current.AsOf || !IsInFashion(current))
                        await ShowAsync(site, moved, asOf);
                }
            );
        }
    }

    /// <summary>Whether it still looks as its theme says; the theme may have changed on disk.</summary>
    private bool IsInFashion(Edition edition) => edition.Look == themes.Of(edition.Snapshot).Stamp;

    private void Expect(IEnumerable<StatusSnapshot> snapshots) => sites.Set([.. snapshots.Select(snapshot => (snapshot.PageId, snapshot.Location))]);

    private async Task ShowAsync(PublicSite site, StatusSnapshot snapshot, DateTimeOffset? asOf)
    {
        var began = Time.GetTimestamp();
        if (site.Current is null)
            site.Swap(await renderer.RenderAsync(snapshot, asOf, null, essentials: true));
        site.Swap(await renderer.RenderAsync(snapshot, asOf, site.Current));
        if (asOf is null)
            _unsaved[snapshot.PageId] = snapshot;
        _worked += Time.GetElapsedTime(began);
        Log.Shown(logger, snapshot.Version, site.Current!.Made.Count, (int)Time.GetElapsedTime(began).TotalMilliseconds);
    }

    private TimeSpan UntilNextLook()
    {
        var next = Poll;
        foreach (var site in sites.All)
        {
            // A page that cannot be renewed waits for its turn among the looks.
            if (site.PageId is { } page && _setbacks.ContainsKey(page))
                continue;
            if (site.Current is not { } current)
                return TimeSpan.FromMilliseconds(100);
            var change = current.Snapshot.NextChangeAt - Time.GetUtcNow();
            if (change < TimeSpan.Zero)
                return TimeSpan.FromMilliseconds(100);
            if (change < next)
                next = change + TimeSpan.FromMilliseconds(1);
        }
        return next;
    }

    private static partial class Log
    {
        [LoggerMessage(100, LogLevel.Debug, "Version {Version} is public: {Documents} documents in {Milliseconds} ms.")]
        public static partial void Shown(ILogger logger, long version, int documents, int milliseconds);

        [LoggerMessage(104, LogLevel.Debug, "Version {Version} was read from the database in {Milliseconds} ms.")]
        public static partial void Read(ILogger logger, long version, int milliseconds);

        [LoggerMessage(
            101,
            LogLevel.Warning,
            "The database cannot be reached ({Reason}). The public page goes on with what it has; posting is not possible."
        )]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(102, LogLevel.Information, "The database answers again.")]
        public static partial void Back(ILogger logger);

        [LoggerMessage(107, LogLevel.Error, "{Row} cannot be shown and is left out; everything else is shown.")]
        public static partial void LeftOut(ILogger logger, string row, Exception why);

        [LoggerMessage(106, LogLevel.Error, "Page {Page} could not be renewed; what it showed before is shown, and it is tried again by itself.")]
        public static partial void PageFailed(ILogger logger, string page, Exception exception);
    }
}
