using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Audit;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Metrics;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Data;

/// <summary>Believable sample data, written through the rules of the domain, so that it contains nothing impossible.</summary>
public sealed class DemoData(StatusDb db, TimeProvider time)
{
    private const string Author = "demo";

    /// <summary>Minutes by which the next update comes before the promised time.</summary>
    private const int Margin = 5;

    private const string Postmortem = """
        ## What happened

        A change of configuration raised the number of connections that each server may open. Within nine minutes the database had none left, and the API stopped answering.

        ## What we learned

        The change was tried on one server, where it did no harm. Nobody had multiplied it by forty.

        ## What we change

        - Connection pools have limits that no configuration can raise.
        - Changes of this kind go to one region first, and wait there for an hour.
        """;

    private readonly DateTimeOffset _now = time.GetUtcNow();

    /// <summary>Fills an empty page; a page with components is left as it is.</summary>
    public async Task FillAsync(CancellationToken cancel)
    {
        var page = await db.Pages.OrderBy(row => row.CreatedAt).FirstAsync(cancel);
        if (await db.Components.AnyAsync(row => row.PageId == page.Id, cancel))
            return;
        page.Configure(
            page.Name == "Status" ? "Acme" : page.Name,
            Zones.Checked(page.TimeZone == "Etc/UTC" ? "America/Los_Angeles" : page.TimeZone),
            showsSeverity: true,
            _now
        );
        page.Promise(page.PromiseRule, isShown: true, _now);
        var born = _now.AddDays(-140);
        var platform = Group(page, "Platform", 1, born);
        var apps = Group(page, "Apps", 2, born);
        Component[] all =
        [
            Component(page, "API", "The REST API at api.acme.example", null, born),
            Component(page, "Authentication", null, platform, born),
            Component(page, "Database", null, platform, born),
            Component(page, "Background jobs", "Exports, imports and scheduled work", platform, _now.AddDays(-40)),
            Component(page, "Website", null, apps, born),
            Component(page, "Mobile apps", null, apps, born),
            Component(page, "Webhooks", "Calls to your endpoints", apps, born),
        ];
        var (api, auth, database, jobs, website, mobile, webhooks) = (all[0], all[1], all[2], all[3], all[4], all[5], all[6]);

        Past(
            "Login failures for some users",
            Severity.Sev2,
            83,
            9,
            12,
            auth,
            ComponentStatus.PartialOutage,
            "~30% of sign-ins failing",
            [
                (
                    0,
                    Phase.Investigating,
                    "We are looking into failing sign-ins. People who are signed in already are not affected.",
                    "Checking the identity provider"
                ),
                (
                    18,
                    Phase.Identified,
                    "An expired certificate between our servers and the identity provider makes sign-ins fail. We are replacing it.",
                    "Rolling out a new certificate"
                ),
                (
                    41,
                    Phase.Monitoring,
                    "The new certificate is in place and sign-ins work again. We are watching the error rate.",
                    "Watching the error rate"
                ),
                (75, Phase.Resolved, "Sign-ins have worked normally for half an hour. We now watch the expiry dates of all certificates.", null),
            ],
            all
        );
        Past(
            "Slow page loads",
            Severity.Sev3,
            66,
            15,
            30,
            website,
            ComponentStatus.DegradedPerformance,
            "Pages take up to 8 seconds to load",
            [
                (0, Phase.Investigating, "Pages load slowly for visitors in Europe.", "Comparing regions"),
                (25, Phase.Identified, "One of our CDN's locations is overloaded. We route around it.", "Rerouting traffic"),
                (70, Phase.Resolved, "Traffic flows through other locations and pages load as fast as usual.", null),
            ],
            all
        );
        var worst = Past(
            "Full outage of the API",
            Severity.Sev1,
            47,
            2,
            10,
            api,
            ComponentStatus.MajorOutage,
            "All API requests failing",
            [
                (0, Phase.Investigating, "The API does not answer. All hands are on it.", "Finding out what changed"),
                (9, Phase.Identified, "A configuration change exhausted the database's connection pool. We are **rolling it back**.", "Rolling back"),
                (22, Phase.Monitoring, "The rollback is done and requests succeed again.", "Watching the connection pool"),
                (
                    64,
                    Phase.Resolved,
                    "The API has been stable for 40 minutes.\n\nWhat we changed:\n\n"
                        + "- connection pools have hard limits\n- such changes now go to one region first",
                    null
                ),
            ],
            all
        );
        worst.WritePostmortem(Postmortem, Author, worst.ResolvedAt!.Value.AddDays(2));
        worst.PublishPostmortem(worst.ResolvedAt.Value.AddDays(2));
        Item(worst, "Give connection pools limits that no configuration can raise", "Bob", -20, "Missing limit", isDone: true);
        Item(worst, "Alert when a database has few connections left", "Alice", -3, "Missing alert");
        Item(worst, "Send changes of configuration to one region first", "Charlie", 6, "Unclear process");
        Past(
            "Delayed webhooks",
            Severity.Sev4,
            31,
            11,
            5,
            webhooks,
            ComponentStatus.DegradedPerformance,
            "Webhooks arrive up to 20 minutes late",
            [
                (0, Phase.Identified, "A backlog delays webhooks. None is lost; all will be delivered.", "Adding workers"),
                (95, Phase.Resolved, "The backlog is gone and webhooks are delivered within seconds again.", null),
            ],
            all
        );
        Past(
            "Exports stuck",
            Severity.Sev3,
            19,
            8,
            40,
            jobs,
            ComponentStatus.PartialOutage,
            "Exports started since 8:10 AM do not finish",
            [
                (0, Phase.Investigating, "Exports do not finish. Other background work is not affected.", "Looking at the queue"),
                (35, Phase.Identified, "A malformed import blocks the queue. We are removing it.", "Removing the blocking job"),
                (52, Phase.Resolved, "All waiting exports have finished.", null),
            ],
            all
        );
        Past(
            "Push notifications not arriving on Android",
            Severity.Sev4,
            6,
            13,
            20,
            mobile,
            ComponentStatus.DegradedPerformance,
            "Push notifications missing on Android",
            [
                (0, Phase.Investigating, "Push notifications do not reach Android devices. Emails go out as usual.", "In contact with the provider"),
                (120, Phase.Monitoring, "The provider has mended it; notifications arrive again.", "Watching delivery"),
                (180, Phase.Resolved, "Notifications have arrived normally for an hour.", null),
            ],
            all
        );

        Open(page, api, all);
        db.Maintenances.Add(
            Maintenance.Schedule(
                page.Id,
                "Database upgrade",
                "We are moving to a newer version of the database. Expect two interruptions of less than a minute each.",
                Hour(_now.AddDays(3), 10),
                Hour(_now.AddDays(3), 12),
                [database.Id],
                _now.AddHours(-20)
            )
        );
        Measure(page, "Response time of the API", "ms", 0, 118, 9, 46);
        Measure(page, "Error rate", "%", 1, 0.3, 0.2, 14.6);
        db.Audit.Add(new AuditEntry(page.Id, "first start", "demo.filled", page.Name, _now));
        await db.SaveChangesAsync(cancel);
        await db
            .Pages.Where(row => row.Id == page.Id)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(row => row.Version, row => row.Version + 1)
                        .SetProperty(row => row.ChangedAt, _now.AddMinutes(-12))
                        .SetProperty(row => row.CreatedAt, born),
                cancel
            );

        Incident Past(
            string title,
            Severity severity,
            int daysAgo,
            int hour,
            int minute,
            Component component,
            ComponentStatus hit,
            string impact,
            (int After, Phase Phase, string Body, string? Team)[] updates,
            IReadOnlyCollection<Component> components
        )
        {
            var start = Hour(_now.AddDays(-daysAgo), hour).AddMinutes(minute);
            Incident? incident = null;
            for (var i = 0; i < updates.Length; i++)
            {
                var (after, phase, body, team) = updates[i];
                var at = start.AddMinutes(after);
                var draft = new UpdateContent
                {
                    Phase = phase,
                    Body = body,
                    TeamStatus = team,
                    ImpactSummary = phase.IsOver() ? null : impact,
                    NextUpdateBy = phase.IsOver() ? null : start.AddMinutes(updates[i + 1].After + Margin),
                    Notifies = false,
                    Components = new Dictionary<ComponentId, ComponentStatus>
                    {
                        [component.Id] = phase is Phase.Resolved or Phase.Monitoring ? ComponentStatus.Operational : hit,
                    },
                };
                if (incident is null)
                {
                    incident = Incident.Open(page.Id, title, severity, null, draft, ComponentStates.Of(components), Author, at);
                    db.Incidents.Add(incident);
                }
                else
                    incident.Post(draft, StatesAfter(incident, components), Author, at);
            }
            return incident!;
        }
    }

    /// <summary>The example of the incident management guide, happening now.</summary>
    private void Open(Page page, Component api, IReadOnlyCollection<Component> all)
    {
        db.Incidents.Add(
            Incident.Open(
                page.Id,
                "Elevated error rates on our API",
                Severity.Sev2,
                null,
                new()
                {
                    Phase = Phase.Investigating,
                    Body = "We are investigating elevated error rates on our API.",
                    ImpactSummary = "~15% of requests failing",
                    TeamStatus = "Working on identifying root cause",
                    NextUpdateBy = _now.AddMinutes(18),
                    Notifies = false,
                    Components = new Dictionary<ComponentId, ComponentStatus> { [api.Id] = ComponentStatus.PartialOutage },
                    Translations =
                    [
                        new(
                            "de",
                            "Wir untersuchen erhöhte Fehlerraten unserer API.",
                            "~15 % der Anfragen schlagen fehl",
                            "Wir suchen die Ursache",
                            "Erhöhte Fehlerraten unserer API"
                        ),
                    ],
                },
                ComponentStates.Of(all),
                Author,
                _now.AddMinutes(-12)
            )
        );
    }

    private static ComponentStates StatesAfter(Incident incident, IEnumerable<Component> components) => new(components, [], [incident.Statements], []);

    /// <summary>A month of a metric that follows the time of day, and jumps with the open incident.</summary>
    private void Measure(Page page, string name, string unit, int decimalPlaces, double usual, double breath, double more)
    {
        var metric = Metric.Create(page.Id, _now).Describe(name, unit, decimalPlaces, isShown: true, null, null, _now);
        db.Metrics.Add(metric);
        var until = MetricSeries.Floor(_now, MetricSeries.Step);
        var at = MetricSeries.Floor(_now.AddDays(-30), MetricSeries.HourStep);
        while (at < until)
        {
            var hours = (at - until).TotalHours;
            var value =
                usual + breath * Math.Sin(hours / 24 * Math.Tau) + breath / 3 * Math.Sin(hours * 5.7) * Math.Sin(hours * 1.3) + (hours > -0.25 ? more : 0);
            db.MetricPoints.Add(
                new()
                {
                    MetricId = metric.Id,
                    At = at,
                    Mean = Math.Max(0, value),
                    Count = 1,
                }
            );
            at += hours < -25 ? MetricSeries.HourStep : MetricSeries.Step;
        }
    }

    /// <param name="day">When it is due, in days from now.</param>
    private void Item(Incident incident, string title, string owner, int day, string finding, bool isDone = false)
    {
        var learned = incident.ResolvedAt!.Value.AddDays(2);
        var due = DateOnly.FromDateTime(_now.AddDays(day).UtcDateTime);
        var item = ActionItem.Create(incident, learned).Write(title, owner, due, ActionItemPriority.Normal, finding, learned);
        if (isDone)
            item.MoveTo(ActionItemState.Done, learned.AddDays(5));
        db.ActionItems.Add(item);
    }

    private ComponentGroupId Group(Page page, string name, int position, DateTimeOffset at)
    {
        var group = ComponentGroup.Create(page.Id, name, position, at);
        db.ComponentGroups.Add(group);
        return group.Id;
    }

    private Component Component(Page page, string name, string? description, ComponentGroupId? group, DateTimeOffset at)
    {
        var component = Domain.Components.Component.Create(page.Id, name, description, group, Text.Slug(name), db.Components.Local.Count + 1, at);
        db.Components.Add(component);
        return component;
    }

    private static DateTimeOffset Hour(DateTimeOffset day, int hour) => new(day.UtcDateTime.Date.AddHours(hour), TimeSpan.Zero);
}
