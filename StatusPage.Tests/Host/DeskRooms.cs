using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Destinations;
using StatusPage.Domain.Exercises;
using StatusPage.Domain.Handovers;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Runbooks;
using StatusPage.Tests.Alerts;
using StatusPage.Tests.Destinations;
using StatusPage.Web.Incidents;
using StatusPage.Web.Postmortems;

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
            .. await AlertRoomsAsync(app, component.Id),
            .. await PostmortemRoomsAsync(app),
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

    /// <summary>A source, a rule, and an alert that became a draft by it.</summary>
    private static async Task<IReadOnlyList<string>> AlertRoomsAsync(AppHost app, ComponentId component)
    {
        var caller = await app.AlertSourceAsync();
        var rule = await app.AlertRuleAsync(rule =>
            rule.Wait(TimeSpan.Zero, 1, TimeSpan.Zero)
                .Do(AlertAction.Draft, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMinutes(30))
                .Say([new(component, null)], Severity.Sev3, null, null, postsMonitoring: true)
        );
        var fired = await caller.FireAsync();
        return
        [
            "/admin/alerts",
            "/admin/alerts/sources/new?kind=pagerduty",
            "/admin/alerts/sources/new?kind=heartbeat",
            $"/admin/alerts/sources/{caller.Source.Id}",
            "/admin/alerts/rules/new",
            $"/admin/alerts/rules/{rule.Id}",
            $"/admin/alerts/{fired.CaseId}",
        ];
    }

    /// <summary>A postmortem with what the program knows, the demo's action items, and a destination where one of them could not go.</summary>
    private static async Task<IReadOnlyList<string>> PostmortemRoomsAsync(AppHost app)
    {
        var (page, now) = (await app.PageAsync(), DateTimeOffset.UtcNow);
        var item = await app.InStoreAsync(db => db.ActionItems.AsNoTracking().FirstAsync());
        await app.InScopeAsync(async services =>
        {
            var (desk, incidents) = (services.GetRequiredService<PostmortemDesk>(), services.GetRequiredService<IncidentDesk>());
            var incident = (await incidents.FindAsync(page.Id, item.IncidentId.Value, default))!;
            await desk.BeginAsync(page, incident, "ann", null, default);
            await desk.CommentAsync(incident, null, "Is that all?", "ann", null, default);
            return incident;
        });
        Dictionary<string, string?> settings = new() { [DestinationField.Repository] = "acme/api", [DestinationField.Token] = "github_pat_1" };
        var destination = await app.DestinationAsync(DestinationKind.GitHub, "https://github.test", settings);
        var link = DestinationLink.Of(destination, DestinationRef.Of(item.Id), item.IncidentId, now);
        link.Stop("The token may not write.", now);
        await app.InStoreAsync(db =>
        {
            db.Add(link);
            return db.SaveChangesAsync();
        });
        return
        [
            "/admin/destinations",
            "/admin/destinations/new?kind=confluence",
            "/admin/destinations/new?kind=confluence-dc",
            "/admin/destinations/new?kind=notion",
            "/admin/destinations/new?kind=webhook",
            $"/admin/destinations/{destination.Id}",
            "/admin/actions",
            "/admin/actions/findings",
            $"/admin/actions/{item.Id}",
            $"/admin/incidents/{item.IncidentId}/postmortem",
            $"/admin/incidents/{item.IncidentId}/postmortem?read=1",
            $"/admin/incidents/{item.IncidentId}/postmortem/public",
            "/admin/postmortem-template",
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
