using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Exercises;
using StatusPage.Domain.Handovers;
using StatusPage.Domain.Runbooks;

namespace StatusPage.Tests.Host;

/// <summary>Every room of the comms desk, with sample data.</summary>
public static class DeskRooms
{
    /// <param name="app">With the demo.</param>
    /// <returns>The addresses for somebody who has signed in.</returns>
    public static async Task<IReadOnlyList<string>> OfAsync(AppHost app)
    {
        var incident = (await app.InStoreAsync(db => db.Incidents.AsNoTracking().Include(row => row.Updates).ToListAsync())).Single(row =>
            row.ResolvedAt is null
        );
        var maintenance = await app.InStoreAsync(db => db.Maintenances.AsNoTracking().FirstAsync());
        var component = await app.InStoreAsync(db => db.Components.AsNoTracking().FirstAsync());
        var subscriber = await app.SubscriberAsync("reader@customer.example");
        var (runbook, note, exercise) = await LessonAsync(app, component.Id);
        return
        [
            "/admin",
            "/admin/incidents",
            "/admin/incidents/new",
            $"/admin/incidents/{incident.Id}",
            $"/admin/incidents/{incident.Id}/updates/{incident.Updates[^1].Id}",
            "/admin/maintenances",
            "/admin/maintenances/new",
            $"/admin/maintenances/{maintenance.Id}",
            "/admin/components",
            $"/admin/components/{component.Id}",
            "/admin/subscribers",
            "/admin/subscribers/import",
            $"/admin/subscribers/{subscriber.Id}",
            "/admin/promises",
            "/admin/runbooks",
            "/admin/runbooks/new",
            $"/admin/runbooks/{runbook.Id}",
            $"/admin/runbooks/{runbook.Id}/revisions/1",
            $"/admin/incidents/{incident.Id}/record",
            "/admin/record",
            "/admin/review",
            "/admin/handover",
            $"/admin/handover/{note.Id}",
            "/admin/gamedays",
            $"/admin/gamedays/{exercise.Id}",
            $"/admin/gamedays/{exercise.Id}/page",
            "/admin/templates",
            "/admin/severities",
            "/admin/audiences",
            "/admin/account/app",
            "/admin/account/codes",
            "/admin/channels",
            "/admin/channels/new?channel=x",
            "/admin/channels/new?channel=slack",
            "/admin/audit",
            "/admin/accounts",
            "/admin/account",
            "/admin/keys",
            "/admin/settings",
            "/admin/pages",
            "/admin/setup",
            "/admin/notifications",
            $"/admin/deliveries/{incident.Updates[^1].Id}",
            "/admin/password",
        ];
    }

    /// <summary>A runbook that is shown beside the component's incidents, a note that waits, and an exercise that runs.</summary>
    private static async Task<(Runbook, Handover, Exercise)> LessonAsync(AppHost app, ComponentId component)
    {
        var (page, now) = ((await app.PageAsync()).Id, DateTimeOffset.UtcNow);
        var runbook = Runbook.Create(page, now);
        var revision = runbook.Write(RunbookText.Outline, "ann", now)!;
        runbook.Attach([component], [], 6, now);
        var note = Handover.Write(page, "All is quiet.", "ann", now);
        var exercise = Exercise.Begin(page, Scenario.All[0], Desk.Email, now);
        exercise.Reveal(Desk.Email, now);
        await app.InStoreAsync(db =>
        {
            db.AddRange(runbook, revision, note, exercise);
            return db.SaveChangesAsync();
        });
        return (runbook, note, exercise);
    }
}
