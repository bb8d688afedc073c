using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Pages;

namespace StatusPage.Web.Data.Demo;

/// <summary>A company with much to show: forty components in eight groups, three incidents at once, a maintenance that runs, forty incidents behind it.</summary>
internal sealed class LargeDemo(StatusDb db, Page page, DateTimeOffset now) : DemoScript(db, page, now)
{
    private static readonly (string Group, string[] Components)[] Groups =
    [
        ("API and integrations for partners and developers", ["REST API", "GraphQL API", "Webhooks", "Developer portal", "Sandbox"]),
        ("Web application", ["Dashboard", "Search", "Reports", "File uploads", "Notifications"]),
        ("Mobile", ["iOS app", "Android app", "Push notifications", "Offline sync", "Deep links"]),
        ("Payments", ["Checkout", "Card payments", "Bank transfers", "Invoices", "Payouts"]),
        ("Identity", ["Sign-in", "Single sign-on (SAML)", "Two-factor codes", "Account recovery", "Directory sync (SCIM)"]),
        ("Data", ["Primary database", "Read replicas", "Analytics warehouse", "Exports", "Backups"]),
        ("Regions", ["Europe (Frankfurt)", "Europe (Dublin)", "US East (Virginia)", "US West (Oregon)", "Asia Pacific (Singapore)"]),
        ("Company", ["Website", "Documentation", "Support desk", "Community", "Status mails"]),
    ];

    /// <summary>What goes wrong in a company like this one, again and again.</summary>
    private static readonly (string Title, string Component, Severity Severity, ComponentStatus Hit, string Impact, string Cause)[] Kinds =
    [
        (
            "Slow searches",
            "Search",
            Severity.Sev3,
            ComponentStatus.DegradedPerformance,
            "Searches take up to 12 seconds",
            "An index was built anew at the wrong hour."
        ),
        ("Delayed webhooks", "Webhooks", Severity.Sev4, ComponentStatus.DegradedPerformance, "Webhooks up to 20 minutes late", "A backlog. None is lost."),
        (
            "Card payments declined",
            "Card payments",
            Severity.Sev2,
            ComponentStatus.PartialOutage,
            "~8% of card payments declined",
            "One of our acquirers times out."
        ),
        (
            "Exports do not finish",
            "Exports",
            Severity.Sev3,
            ComponentStatus.PartialOutage,
            "Exports since 8 AM do not finish",
            "A malformed import blocks the queue."
        ),
        (
            "Sign-in by SAML fails",
            "Single sign-on (SAML)",
            Severity.Sev2,
            ComponentStatus.MajorOutage,
            "Sign-in by SAML fails for all",
            "A certificate has ended."
        ),
        (
            "Singapore unreachable",
            "Asia Pacific (Singapore)",
            Severity.Sev1,
            ComponentStatus.MajorOutage,
            "Nobody reaches Singapore",
            "A carrier withdrew our routes."
        ),
        (
            "Push notifications missing",
            "Push notifications",
            Severity.Sev4,
            ComponentStatus.DegradedPerformance,
            "Some push notifications missing",
            "A provider throttles us."
        ),
        (
            "Reports show old figures",
            "Reports",
            Severity.Sev4,
            ComponentStatus.DegradedPerformance,
            "Figures are up to 3 hours old",
            "The warehouse lags behind."
        ),
    ];

    private const int PastIncidents = 40;

    public override void Write()
    {
        var born = Now.AddDays(-140);
        foreach (var (name, components) in Groups)
        {
            var group = Group(name, Db.ComponentGroups.Local.Count + 1, born);
            foreach (var component in components)
                Component(component, null, group, born);
        }
        for (var i = 0; i < PastIncidents; i++)
            Again(i);
        Open(
            "Checkout fails for many customers",
            Severity.Sev1,
            ("Checkout", ComponentStatus.MajorOutage),
            ("Card payments", ComponentStatus.PartialOutage),
            (-47, Phase.Investigating, "Checkout fails with an error page. All hands are on it.", "Finding out what changed", -27),
            (-29, Phase.Identified, "A change of this morning exhausts the database's connections. We are **rolling it back**.", "Rolling back", 11)
        );
        Open(
            "Elevated error rates on our API",
            Severity.Sev2,
            ("REST API", ComponentStatus.PartialOutage),
            ("GraphQL API", ComponentStatus.DegradedPerformance),
            (-12, Phase.Investigating, "We are investigating elevated error rates on our API.", "Working on identifying root cause", 18)
        );
        Open(
            "Notifications arrive late",
            Severity.Sev4,
            ("Notifications", ComponentStatus.DegradedPerformance),
            ("Push notifications", ComponentStatus.DegradedPerformance),
            (-190, Phase.Investigating, "Notifications arrive up to ten minutes late.", "Looking at the queue", -70),
            (-75, Phase.Monitoring, "The queue is short again. We watch it over noon.", "Watching the queue", 105)
        );
        Maintain("Move of the analytics warehouse", -1.5, 2.5, "Analytics warehouse", "Reports");
        Maintain("Database upgrade", 70, 72, "Primary database", "Read replicas");
        Maintain("New certificates for sign-in", 170, 171, "Sign-in", "Single sign-on (SAML)");
        Measure("Response time of the API", "ms", 0, 118, 9, 46);
        Measure("Error rate", "%", 1, 0.3, 0.2, 14.6);
        Measure("Payments in a minute", "", 0, 2_400, 700, -900);
    }

    /// <summary>One of the last 140 days, at an hour that does not repeat.</summary>
    private void Again(int number)
    {
        var (title, component, severity, hit, impact, cause) = Kinds[number % Kinds.Length];
        Past(
            title,
            severity,
            2 + number * 7 / 2,
            (5 * number + 3) % 24,
            7 * number % 60,
            Named(component),
            hit,
            impact,
            [
                (0, Phase.Investigating, $"{impact}. We are looking into it.", "Finding the cause"),
                (15 + number % 20, Phase.Identified, cause, "Mending it"),
                (50 + 3 * number, Phase.Resolved, "It has worked as usual for half an hour.", null),
            ]
        );
    }

    /// <param name="updates">Minutes from now, phase, words, what the team does, and by when the next one is promised in minutes from now.</param>
    private void Open(
        string title,
        Severity severity,
        (string Name, ComponentStatus Hit) first,
        (string Name, ComponentStatus Hit) second,
        params (double At, Phase Phase, string Body, string Team, double Next)[] updates
    )
    {
        Incident? incident = null;
        foreach (var (at, phase, body, team, next) in updates)
        {
            var content = new UpdateContent
            {
                Phase = phase,
                Body = body,
                TeamStatus = team,
                ImpactSummary = $"{first.Name} and {second.Name}",
                NextUpdateBy = Now.AddMinutes(next),
                Notifies = false,
                Components = new Dictionary<ComponentId, ComponentStatus> { [Named(first.Name).Id] = first.Hit, [Named(second.Name).Id] = second.Hit },
            };
            if (incident is null)
                Db.Incidents.Add(
                    incident = Incident.Open(Page.Id, title, severity, null, content, ComponentStates.Of(Components), Author, Now.AddMinutes(at))
                );
            else
                incident.Post(content, StatesAfter(incident), Author, Now.AddMinutes(at));
        }
    }

    private void Maintain(string title, double from, double until, params string[] components) =>
        Db.Maintenances.Add(
            Maintenance.Schedule(
                Page.Id,
                title,
                "Expect short interruptions.",
                Now.AddHours(from),
                Now.AddHours(until),
                [.. components.Select(name => Named(name).Id)],
                Now.AddHours(Math.Min(from, 0) - 30)
            )
        );

    private Component Named(string name) => Components.First(component => component.Name == name);
}
