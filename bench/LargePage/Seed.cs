using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;

namespace StatusPage.Bench;

/// <summary>Years of a busy page, written through the rules of the domain. The same numbers give the same page.</summary>
internal static class Seed
{
    private const string Author = "bench";
    private const int GroupSize = 20;

    /// <summary>Incidents that are still open when the seeding ends.</summary>
    private const int Open = 3;

    /// <summary>Rows are written in portions, so that the change tracker stays small.</summary>
    private const int Portion = 250;

    private static readonly TimeSpan Step = TimeSpan.FromMinutes(25);

    /// <param name="store">Settings that name another store than the one in the data folder.</param>
    public static async Task RunAsync(string data, int years, int incidents, int components, params string[] store)
    {
        await using var app = Web.Program.Build(["--applicationName", "StatusPage.Web", "--DataDirectory", data, "--Log:Level", "Error", .. store]);
        await using var scope = app.Services.CreateAsyncScope();
        await StoreStartup.PrepareAsync(scope.ServiceProvider, app.Services.GetRequiredService<Settings>(), default);
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var page = await db.Pages.FirstAsync();
        var now = DateTimeOffset.UtcNow;
        var born = now.AddYears(-years);
        page.Configure("Acme", Zones.Of("America/Los_Angeles"), showsSeverity: true, now);
        var all = Components(db, page.Id, components, born);
        await db.SaveChangesAsync();
        var between = (now - born) / (incidents + 1);
        for (var i = 0; i < incidents; i++)
        {
            Add(db, page.Id, all, i, born + between * (i + 1), closes: i < incidents - Open);
            if (i % Portion != 0)
                continue;
            await db.SaveChangesAsync();
            db.ChangeTracker.Clear();
            db.AttachRange(all);
        }
        for (var i = 0; i < 10; i++)
        {
            db.Maintenances.Add(
                Maintenance.Schedule(
                    page.Id,
                    $"Upgrade of a database, part {i + 1}",
                    "Expect two interruptions of less than a minute each.",
                    now.AddDays(i + 1),
                    now.AddDays(i + 1).AddHours(2),
                    [all[i].Id],
                    now
                )
            );
        }
        await db.SaveChangesAsync();
        await db.PublishAsync(page.Id, now, default);
    }

    private static Component[] Components(StatusDb db, PageId page, int count, DateTimeOffset born)
    {
        var groups = Enumerable
            .Range(0, (count + GroupSize - 1) / GroupSize)
            .Select(i => ComponentGroup.Create(page, $"Region {i + 1}", i + 1, born))
            .ToArray();
        db.ComponentGroups.AddRange(groups);
        var all = Enumerable
            .Range(0, count)
            .Select(i =>
                Component.Create(page, $"Service {i + 1}", "One of very many services", groups[i / GroupSize].Id, $"service-{i + 1}", i + 1, born)
            )
            .ToArray();
        db.Components.AddRange(all);
        return all;
    }

    /// <summary>Four updates, with two components of each incident going down and coming back.</summary>
    private static void Add(StatusDb db, PageId page, Component[] all, int number, DateTimeOffset at, bool closes)
    {
        Component[] hit = [all[number * 7 % all.Length], all[(number * 7 + 3) % all.Length]];
        var worst =
            number % 5 == 0 ? ComponentStatus.MajorOutage
            : number % 2 == 0 ? ComponentStatus.PartialOutage
            : ComponentStatus.DegradedPerformance;
        var incident = Incident.Open(
            page,
            $"Elevated error rates of {hit[0].Name}, case {number + 1}",
            Severities.All[number % Severities.All.Length],
            null,
            Draft(Phase.Investigating, "We are looking into failing requests. People who are signed in already are not affected.", worst, hit, at),
            ComponentStates.Of(all),
            Author,
            at
        );
        db.Incidents.Add(incident);
        Post(
            Phase.Identified,
            "An expired certificate between **two of our systems** makes requests fail. We are replacing it, one region after the other.",
            worst
        );
        if (!closes)
            return;
        Post(Phase.Monitoring, "The new certificate is in place and requests succeed again. We are watching the error rate.", ComponentStatus.Operational);
        Post(
            Phase.Resolved,
            "Requests have succeeded for half an hour.\n\n"
                + "What we changed:\n\n- the expiry dates of all certificates are watched\n- changes go to one region first",
            ComponentStatus.Operational
        );

        void Post(Phase phase, string body, ComponentStatus status) =>
            incident.Post(Draft(phase, body, status, hit, at += Step), new(all, [], [incident.Statements], []), Author, at);
    }

    private static UpdateContent Draft(Phase phase, string body, ComponentStatus status, Component[] hit, DateTimeOffset at) =>
        new()
        {
            Phase = phase,
            Body = body,
            ImpactSummary = phase.IsOver() ? null : "~15% of requests failing",
            TeamStatus = phase.IsOver() ? null : "Working on it, region by region",
            NextUpdateBy = phase.IsOver() ? null : at + Step,
            Components = hit.ToDictionary(component => component.Id, _ => status),
        };
}
