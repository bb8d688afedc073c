using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Snapshot;

/// <summary>Rung when a page was changed.</summary>
public sealed class PublishBell(TimeProvider time) : Bell(time);

/// <summary>
/// Keeps the public site true: reads the page's version, builds the snapshot, renders every document, swaps.
/// While it works, and while the store is away, the old edition is served.
/// </summary>
public sealed partial class SnapshotPublisher(
    IServiceScopeFactory scopes, StoreState store, PublicSite site, SiteRenderer renderer, SnapshotExchange exchange, SnapshotFile file, PublishBell bell,
    TimeProvider time, IHostApplicationLifetime lifetime, ILogger<SnapshotPublisher> logger) : BackgroundService
{
    /// <summary>How often the version is looked at when no bell rings: another node may have posted.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);

    /// <summary>How long an edition that cannot be checked is shown without saying as of when it speaks.</summary>
    private static readonly TimeSpan TrustedFor = TimeSpan.FromMinutes(2);

    private DateTimeOffset _confirmedAt;
    private bool _away;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Links need the address, which is known when the server listens.
        await Task.WhenAny(Task.Delay(Timeout.Infinite, lifetime.ApplicationStarted), Task.Delay(Timeout.Infinite, stoppingToken));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RefreshAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.Failed(logger, exception);
                await Task.Delay(AfterFailure, time, stoppingToken);
            }
            await bell.WaitAsync(UntilNextLook(), stoppingToken);
        }
    }

    private async Task RefreshAsync(CancellationToken cancel)
    {
        if (!store.Asked.IsCompleted) await ShowSavedAsync(cancel);
        // What another node built is taken as it is, without a look at the store.
        if (await exchange.NewsAsync(cancel) is { } shared && shared.Snapshot.Version > site.Current?.Snapshot.Version)
        {
            _confirmedAt = time.GetUtcNow();
            await ShowAsync(shared.Snapshot, null, cancel);
        }
        try
        {
            if (!store.IsReady)
            {
                await ShowWithoutStoreAsync(cancel);
                return;
            }
            await ShowFromStoreAsync(cancel);
            if (_away) Log.Back(logger);
            _away = false;
        }
        catch (Exception exception) when (StoreSetup.IsOutage(exception))
        {
            if (!_away) Log.Away(logger, exception.GetType().Name);
            _away = true;
            await ShowWithoutStoreAsync(cancel);
        }
    }

    /// <summary>While the store is being opened: what was shown before the restart.</summary>
    private async Task ShowSavedAsync(CancellationToken cancel)
    {
        if (await file.LoadAsync(cancel) is not { } saved) return;
        var snapshot = SnapshotBuilder.Advance(saved.Snapshot, time.GetUtcNow());
        site.Swap(await renderer.RenderAsync(snapshot, null, null, essentials: true));
        await store.Asked.WaitAsync(cancel);
        if (!store.IsReady) await ShowAsync(snapshot, saved.SavedAt, cancel);
    }

    private async Task ShowFromStoreAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var now = time.GetUtcNow();
        var version = await db.Pages.OrderBy(page => page.CreatedAt).Select(page => page.Version).FirstAsync(cancel);
        _confirmedAt = now;
        if (site.Current is { AsOf: null, IsComplete: true } current && current.Snapshot.Version == version && now < current.Snapshot.NextChangeAt) return;
        var began = time.GetTimestamp();
        var snapshot = await db.ReadSnapshotAsync(null, now, cancel);
        Log.Read(logger, snapshot.Version, (int)time.GetElapsedTime(began).TotalMilliseconds);
        // Before it is rendered here: the others render it meanwhile.
        await exchange.PutAsync(new(snapshot, now), cancel);
        await ShowAsync(snapshot, null, cancel);
    }

    /// <summary>The last edition goes on, moved by the clock alone; at the start it comes from another node, or from disk.</summary>
    private async Task ShowWithoutStoreAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (site.Current is { } current)
        {
            var moved = SnapshotBuilder.Advance(current.Snapshot, now);
            var asOf = current.AsOf ?? (now - _confirmedAt > TrustedFor ? _confirmedAt : null);
            if (moved != current.Snapshot || asOf != current.AsOf) await ShowAsync(moved, asOf, cancel);
        }
        else if (await exchange.GetAsync(cancel) is { } shared)
        {
            await ShowAsync(SnapshotBuilder.Advance(shared.Snapshot, now), shared.BuiltAt, cancel);
        }
        else if (await file.LoadAsync(cancel) is { } saved)
        {
            await ShowAsync(SnapshotBuilder.Advance(saved.Snapshot, now), saved.SavedAt, cancel);
        }
    }

    private async Task ShowAsync(StatusSnapshot snapshot, DateTimeOffset? asOf, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        if (site.Current is null) site.Swap(await renderer.RenderAsync(snapshot, asOf, null, essentials: true));
        site.Swap(await renderer.RenderAsync(snapshot, asOf, site.Current));
        if (asOf is null) await file.SaveAsync(SnapshotJson.Write(snapshot), cancel);
        Log.Shown(logger, snapshot.Version, site.Current!.Made.Count, (int)time.GetElapsedTime(began).TotalMilliseconds);
    }

    private TimeSpan UntilNextLook()
    {
        if (site.Current is not { } current) return TimeSpan.FromMilliseconds(100);
        var change = current.Snapshot.NextChangeAt - time.GetUtcNow();
        return change < TimeSpan.Zero ? TimeSpan.FromMilliseconds(100) : change < Poll ? change + TimeSpan.FromMilliseconds(1) : Poll;
    }

    private static partial class Log
    {
        [LoggerMessage(100, LogLevel.Debug, "Version {Version} is public: {Documents} documents in {Milliseconds} ms.")]
        public static partial void Shown(ILogger logger, long version, int documents, int milliseconds);

        [LoggerMessage(104, LogLevel.Debug, "Version {Version} was read from the database in {Milliseconds} ms.")]
        public static partial void Read(ILogger logger, long version, int milliseconds);

        [LoggerMessage(101, LogLevel.Warning, "The database cannot be reached ({Reason}). The public page goes on with what it has; posting is not possible.")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(102, LogLevel.Information, "The database answers again.")]
        public static partial void Back(ILogger logger);

        [LoggerMessage(103, LogLevel.Error, "The public page could not be renewed; the one before is shown.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
