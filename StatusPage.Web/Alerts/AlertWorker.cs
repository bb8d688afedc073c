using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Pages;
using StatusPage.Web.Alerts.Sources;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Pages;

namespace StatusPage.Web.Alerts;

/// <summary>Rung when a delivery of a source was stored.</summary>
public sealed class AlertBell(TimeProvider time) : Bell(time);

/// <summary>
/// Works on what sources sent, in the order in which it came, and does what falls due: holds that end, drafts that are published by themselves, heartbeats that went silent,
/// drafts that nobody takes. Every node does it; the page's row lets one at a time.
/// </summary>
public sealed partial class AlertWorker(IServiceScopeFactory scopes, AlertBell bell, WorkerTools tools, ILogger<AlertWorker> logger)
    : Worker("Alerts", tools, logger)
{
    /// <summary>Deliveries in one transaction; a post in between waits for no more than these.</summary>
    private const int AtOnce = 50;

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(10);

    /// <summary>After a pause of this length, as after a start, nobody could reach the program for a while.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private DateTimeOffset? _ranAt;

    protected override Task PauseAsync(TimeSpan length, CancellationToken stopping) => bell.WaitAsync(length, stopping);

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        DateTimeOffset? next = null;
        if (_ranAt is not { } before || Time.GetUtcNow() - before > Pause)
            await ResumeAsync(stopping);
        _ranAt = Time.GetUtcNow();
        foreach (var page in await PagesAsync(stopping))
        {
            try
            {
                while (await TakeAsync(page, stopping) == AtOnce)
                {
                    Works();
                    _ranAt = Time.GetUtcNow();
                }
                if (await LookAsync(page, stopping) is { } due && (next is null || due < next))
                    next = due;
            }
            catch (Exception exception) when (IsMeeting(exception))
            {
                // Nothing of the batch is written; it is worked on again.
                next = Time.GetUtcNow();
            }
            catch (Exception exception) when (exception is not OperationCanceledException && !StoreSetup.IsOutage(exception))
            {
                // The other pages are looked at nevertheless.
                Log.PageFailed(logger, page.Value, exception);
            }
        }
        _ranAt = Time.GetUtcNow();
        return Until(next, Poll);
    }

    /// <summary>
    /// After time in which this node did not run: heartbeats could not be heard, and nobody could stop what is published by itself. Another node may have
    /// run meanwhile; then both wait longer than they had to.
    /// </summary>
    private async Task ResumeAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var now = Time.GetUtcNow();
        foreach (var source in await db.AlertSources.Where(row => row.BeatsEvery != null && row.SilentSince == null).ToListAsync(cancel))
            source.Excuse(now);
        await db.SaveChangesAsync(cancel);
        var planned = await db
            .AlertCases.AsNoTracking()
            .Where(row => row.State == AlertCaseState.Open && row.PublishesItself && row.DueAt != null && row.IncidentId == null)
            .Select(row => new { row.Id, row.PageId })
            .ToListAsync(cancel);
        foreach (var row in planned)
            await AloneAsync(async services =>
            {
                var store = services.GetRequiredService<StatusDb>();
                var page = await store.Pages.AsNoTracking().SingleAsync(page => page.Id == row.PageId, cancel);
                var found = await store.AlertCases.SingleAsync(found => found.Id == row.Id, cancel);
                if (found.IsPublishedByItselfLater)
                    await services.GetRequiredService<AlertDesk>().PlanAnewAsync(page, found, cancel);
            });
    }

    /// <summary>Whether somebody wrote in the same draft or case at the same moment.</summary>
    private static bool IsMeeting(Exception exception) => exception is DbUpdateConcurrencyException || StoreSetup.IsContention(exception);

    /// <summary>The pages that have sources, or cases that wait for something. Others cost nothing.</summary>
    private async Task<List<PageId>> PagesAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        return await db
            .Pages.Open()
            .Where(page =>
                db.AlertSources.Any(source => source.PageId == page.Id)
                || db.AlertCases.Any(row => row.PageId == page.Id && (row.State == AlertCaseState.Held || row.State == AlertCaseState.Open))
            )
            .Select(page => page.Id)
            .ToListAsync(cancel);
    }

    /// <returns>How many deliveries were worked on.</returns>
    private async Task<int> TakeAsync(PageId page, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        if (!await db.AlertDeliveries.AnyAsync(row => row.PageId == page && row.State == AlertDeliveryState.Waiting, cancel))
            return 0;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.HoldAsync(page, cancel);
        var waiting = await db
            .AlertDeliveries.Where(row => row.PageId == page && row.State == AlertDeliveryState.Waiting)
            .OrderBy(row => row.Id)
            .Take(AtOnce)
            .ToListAsync(cancel);
        var sources = await db.AlertSources.Where(row => row.PageId == page).ToDictionaryAsync(row => row.Id, cancel);
        foreach (var delivery in waiting)
        {
            try
            {
                await WorkOnAsync(scope.ServiceProvider, sources[delivery.SourceId], delivery, cancel);
                await db.SaveChangesAsync(cancel);
            }
            catch (Exception exception) when (exception is not OperationCanceledException && !StoreSetup.IsOutage(exception) && !IsMeeting(exception))
            {
                // One that cannot be worked on keeps none of the others waiting. EF takes back what it had saved of it.
                Log.NotWorkedOn(logger, delivery.Id, delivery.SourceId.Value, exception);
                db.ChangeTracker.Clear();
                await db
                    .AlertDeliveries.Where(row => row.Id == delivery.Id)
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(row => row.State, AlertDeliveryState.Failed)
                                .SetProperty(row => row.Outcome, "The program could not work on it; its log says why."),
                        cancel
                    );
                sources = await db.AlertSources.Where(row => row.PageId == page).ToDictionaryAsync(row => row.Id, cancel);
            }
        }
        await transaction.CommitAsync(CancellationToken.None);
        return waiting.Count;
    }

    private static async Task WorkOnAsync(IServiceProvider services, AlertSource source, AlertDelivery delivery, CancellationToken cancel)
    {
        var db = services.GetRequiredService<StatusDb>();
        // Tracked anew where the one before it failed.
        db.Attach(delivery);
        var intake = services.GetRequiredService<AlertIntake>();
        switch (AlertReader.Read(source.Kind, delivery.Body, AlertSetup.MappingOf(source)))
        {
            case AlertReading.Unused unused:
                delivery.Finish(unused.Why);
                return;
            case AlertReading.NotThisShape wrong:
                delivery.Fail(wrong.Why);
                return;
            case AlertReading.Of when source.Kind == AlertSourceKind.Heartbeat && !delivery.IsTest && !source.Hear(delivery.ReceivedAt):
                delivery.Finish("Heard.");
                return;
            case AlertReading.Of { Events: var events }:
                var outcomes = new List<AlertOutcome>();
                foreach (var alert in events)
                    outcomes.Add(
                        delivery.IsTest ? new("A test. " + await intake.TryAsync(source, alert, cancel)) : await intake.TakeAsync(source, alert, cancel)
                    );
                delivery.Finish(
                    string.Join(' ', outcomes.Select(outcome => outcome.Said)),
                    outcomes.Find(outcome => outcome.Case is not null)?.Case,
                    outcomes.Find(outcome => outcome.Rule is not null)?.Rule
                );
                return;
        }
    }

    /// <returns>When something is due next; null when nothing comes.</returns>
    private async Task<DateTimeOffset?> LookAsync(PageId id, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var page = await db.Pages.AsNoTracking().SingleAsync(row => row.Id == id, cancel);
        var now = Time.GetUtcNow();
        await BeatAsync(scope.ServiceProvider, page.Id, now, cancel);
        await FollowAsync(db, page.Id, now, cancel);
        foreach (var due in await DueAsync(db, page.Id, now, cancel))
            await AloneAsync(services => services.GetRequiredService<AlertDesk>().DoDueAsync(page, due, cancel));
        var calls = await scope.ServiceProvider.GetRequiredService<AlertCalls>().LookAsync(page, cancel);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException exception) when (StoreSetup.IsDuplicate(exception))
        {
            // Another node called at the same moment.
        }
        var held = await db.AlertCases.Where(row => row.PageId == page.Id && row.DueAt > now).MinAsync(row => (DateTimeOffset?)row.DueAt, cancel);
        var beats = await Beating(db, page.Id).AsNoTracking().ToListAsync(cancel);
        return new[] { calls, held, beats.Min(row => row.SilentAt) }.Min();
    }

    /// <summary>Those whose time has come, and those that wait for a rule that counts no more.</summary>
    private static Task<List<AlertCaseId>> DueAsync(StatusDb db, PageId page, DateTimeOffset now, CancellationToken cancel) =>
        db
            .AlertCases.Where(row =>
                row.PageId == page
                && (
                    row.DueAt <= now
                    || (
                        row.State == AlertCaseState.Held
                        && row.DueAt == null
                        && !db.AlertRules.Any(rule => rule.Id == row.RuleId && rule.IsOn && rule.AtLeast > 1)
                    )
                )
            )
            .Select(row => row.Id)
            .ToListAsync(cancel);

    /// <summary>Heartbeats that were not heard in time fire; the first call after that resolves.</summary>
    private static async Task BeatAsync(IServiceProvider services, PageId page, DateTimeOffset now, CancellationToken cancel)
    {
        var db = services.GetRequiredService<StatusDb>();
        if (!(await Beating(db, page).AsNoTracking().ToListAsync(cancel)).Exists(row => row.SilentAt <= now))
            return;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.HoldAsync(page, cancel);
        foreach (var source in await Beating(db, page).ToListAsync(cancel))
            if (source.GoSilent(now))
                await services
                    .GetRequiredService<AlertIntake>()
                    .TakeAsync(
                        source,
                        new(
                            HeartbeatSource.Key,
                            AlertSignal.Firing,
                            $"{source.Name} went silent",
                            $"It has not called for {source.BeatsEvery!.Value.TotalMinutes:0} minutes."
                        )
                        {
                            At = now,
                        },
                        cancel
                    );
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        db.ChangeTracker.Clear();
    }

    /// <summary>Heartbeats that are not known to be silent.</summary>
    private static IQueryable<AlertSource> Beating(StatusDb db, PageId page) =>
        db.AlertSources.Where(row => row.PageId == page && row.BeatsEvery != null && row.SilentSince == null);

    /// <summary>What people did elsewhere: a draft was discarded, an incident ended.</summary>
    private static async Task FollowAsync(StatusDb db, PageId page, DateTimeOffset now, CancellationToken cancel)
    {
        var ended = await (
            from found in db.AlertCases
            join draft in db.Drafts on found.DraftId equals (DraftId?)draft.Id
            where found.PageId == page && found.State == AlertCaseState.Open && found.IncidentId == null && draft.State == DraftState.Discarded
            select found
        ).ToListAsync(cancel);
        foreach (var found in ended)
        {
            found.Drop(now);
            db.AlertLines.Add(new(found.Id, "The draft was thrown away.", now));
        }
        var over = await (
            from found in db.AlertCases
            join incident in db.Incidents on found.IncidentId equals (IncidentId?)incident.Id
            where found.PageId == page && found.State == AlertCaseState.Open && (incident.ResolvedAt != null || incident.DeletedAt != null)
            select found
        ).ToListAsync(cancel);
        foreach (var found in over)
            found.Finish(now);
        var written = await (
            from found in db.AlertCases
            join draft in db.Drafts on found.DraftId equals (DraftId?)draft.Id
            where found.PageId == page && found.State == AlertCaseState.Open && found.PublishesItself && found.IncidentId == null
            where draft.Version != found.DraftVersion && draft.State < DraftState.Published
            select found
        ).ToListAsync(cancel);
        foreach (var found in written)
        {
            found.LeaveToPeople();
            db.AlertLines.Add(new(found.Id, "Somebody works on the draft, so it is not published by itself.", now));
        }
        if (ended.Count + over.Count + written.Count == 0)
            return;
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another node saw it at the same moment.
            db.ChangeTracker.Clear();
        }
    }

    /// <summary>Another node, or a person, may be faster. The next look finds what is left.</summary>
    private async Task AloneAsync(Func<IServiceProvider, Task> act)
    {
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            await act(scope.ServiceProvider);
        }
        catch (Exception exception) when (StoreSetup.IsConflict(exception))
        {
            // They were.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(620, LogLevel.Error, "Delivery {Delivery} of alert source {Source} could not be worked on; the others are.")]
        public static partial void NotWorkedOn(ILogger logger, long delivery, string source, Exception exception);

        [LoggerMessage(
            621,
            LogLevel.Error,
            "The alerts of page {Page} could not be looked through; they are in a few seconds, and those of the other pages are."
        )]
        public static partial void PageFailed(ILogger logger, string page, Exception exception);
    }
}
