using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Pages;

namespace StatusPage.Web.Data.Demo;

/// <summary>Seven components, one incident now, six in the last months.</summary>
internal sealed class SmallDemo(StatusDb db, Page page, DateTimeOffset now) : DemoScript(db, page, now)
{
    private const string Postmortem = """
        ## What happened

        A change of configuration raised the number of connections that each server may open. Within nine minutes the database had none left, and the API stopped answering.

        ## What we learned

        The change was tried on one server, where it did no harm. Nobody had multiplied it by forty.

        ## What we change

        - Connection pools have limits that no configuration can raise.
        - Changes of this kind go to one region first, and wait there for an hour.
        """;

    public override void Write()
    {
        var born = Now.AddDays(-140);
        var platform = Group("Platform", 1, born);
        var apps = Group("Apps", 2, born);
        Component[] all =
        [
            Component("API", "The REST API at api.acme.example", null, born),
            Component("Authentication", null, platform, born),
            Component("Database", null, platform, born),
            Component("Background jobs", "Exports, imports and scheduled work", platform, Now.AddDays(-40)),
            Component("Website", null, apps, born),
            Component("Mobile apps", null, apps, born),
            Component("Webhooks", "Calls to your endpoints", apps, born),
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
            ]
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
            ]
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
            ]
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
            ]
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
            ]
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
            ]
        );

        Open(api);
        Db.Maintenances.Add(
            Maintenance.Schedule(
                Page.Id,
                "Database upgrade",
                "We are moving to a newer version of the database. Expect two interruptions of less than a minute each.",
                Hour(Now.AddDays(3), 10),
                Hour(Now.AddDays(3), 12),
                [database.Id],
                Now.AddHours(-20)
            )
        );
        Measure("Response time of the API", "ms", 0, 118, 9, 46);
        Measure("Error rate", "%", 1, 0.3, 0.2, 14.6);
    }

    /// <summary>The example of the incident management guide, happening now.</summary>
    private void Open(Component api)
    {
        Db.Incidents.Add(
            Incident.Open(
                Page.Id,
                "Elevated error rates on our API",
                Severity.Sev2,
                null,
                new()
                {
                    Phase = Phase.Investigating,
                    Body = "We are investigating elevated error rates on our API.",
                    ImpactSummary = "~15% of requests failing",
                    TeamStatus = "Working on identifying root cause",
                    NextUpdateBy = Now.AddMinutes(18),
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
                ComponentStates.Of(Components),
                Author,
                Now.AddMinutes(-12)
            )
        );
    }
}
