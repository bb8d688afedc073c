using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Snapshot;

namespace StatusPage.Tests.Snapshot;

public sealed class HeadlineTests
{
    private static StatusSnapshot Page(ComponentStatus[] states, params Incident[] incidents)
    {
        string[] names = ["API", "Website", "Database", "Mobile apps"];
        var components = states.Select((_, i) => A.Component(names[i], position: i)).ToList();
        return SnapshotBuilder.Build(
            new()
            {
                Page = A.Page(),
                Zone = A.Zone,
                Groups = [],
                Maintenances = [],
                Incidents = incidents,
                Components = components,
                States = A.States(components, states.Select((status, i) => components[i].Set(status, An.Instant)), incidents),
            },
            An.Instant
        );
    }

    private const ComponentStatus Up = ComponentStatus.Operational;
    private const ComponentStatus Maintained = ComponentStatus.UnderMaintenance;
    private const ComponentStatus Slow = ComponentStatus.DegradedPerformance;
    private const ComponentStatus Partly = ComponentStatus.PartialOutage;
    private const ComponentStatus Down = ComponentStatus.MajorOutage;

    [Theory]
    [InlineData("All systems operational", Up, Up)]
    [InlineData("No components yet")]
    [InlineData("API is down", Down, Up)]
    [InlineData("API is down", Down)]
    [InlineData("Website is partly down", Slow, Partly)]
    [InlineData("API and Website are degraded", Slow, Slow, Up)]
    [InlineData("API, Website and 1 more are degraded", Slow, Slow, Slow, Up)]
    [InlineData("All systems are down", Down, Down)]
    [InlineData("Database is under maintenance", Up, Up, Maintained)]
    public void It_names_the_thing(string sentence, params ComponentStatus[] states) => Assert.Equal(sentence, Headline.Of(Page(states)));

    [Fact]
    public void An_incident_without_components_is_named() =>
        Assert.Equal("Open incident: Elevated error rates on our API", Headline.Of(Page([Up], An.Incident())));

    [Fact]
    public void A_fix_that_is_watched_is_said_to_be() =>
        Assert.Equal("Monitoring a fix: Elevated error rates on our API", Headline.Of(Page([Up], An.Incident(draft: An.Update(Phase.Monitoring)))));

    /// <param name="impact">Null for the impact of the components.</param>
    private static Incident Called(
        string title,
        Severity? severity,
        Impact? impact = null,
        int minutes = 0,
        params (Component Component, ComponentStatus Status)[] hit
    ) =>
        Incident.Open(
            An.PageId,
            title,
            severity,
            impact,
            An.Update(components: hit),
            ComponentStates.Of(hit.Select(pair => pair.Component)),
            "ann",
            An.Instant.AddMinutes(minutes - 60)
        );

    [Fact]
    public void Of_several_incidents_the_worst_is_named_and_the_rest_are_counted()
    {
        Assert.Equal(
            "Slow search and 1 more incident",
            Headline.Of(Page([Up], Called("Odd colours", Severity.Sev4), Called("Slow search", Severity.Sev3)))
        );
        Assert.Equal(
            "No logins and 2 more incidents",
            Headline.Of(Page([Up], Called("Slow search", Severity.Sev3), Called("No logins", Severity.Sev1), Called("Odd colours", Severity.Sev4)))
        );
    }

    [Fact]
    public void Beside_a_component_that_is_as_bad_the_other_incidents_are_counted()
    {
        var api = A.Component("API");
        var outage = Called("The API is gone", Severity.Sev1, null, 0, (api, Down));
        Assert.Equal("API is down", Of(outage));
        Assert.Equal("API is down, and 1 more incident", Of(outage, Called("Slow search", Severity.Sev3)));
        Assert.Equal("API is down, and 2 more incidents", Of(outage, Called("Slow search", Severity.Sev3), Called("Odd colours", Severity.Sev4)));

        string Of(params Incident[] incidents) =>
            Headline.Of(
                SnapshotBuilder.Build(
                    new()
                    {
                        Page = A.Page(),
                        Zone = A.Zone,
                        Groups = [],
                        Maintenances = [],
                        States = A.States([api], null, incidents),
                        Incidents = incidents,
                        Components = [api],
                    },
                    An.Instant
                )
            );
    }

    [Fact]
    public void An_incident_that_is_worse_than_every_component_is_named_before_them() =>
        Assert.Equal(
            "No logins and 1 more incident",
            Headline.Of(Page([Slow, Up], Called("Slow search", Severity.Sev3), Called("No logins", Severity.Sev1, Impact.Critical)))
        );

    [Theory]
    [InlineData(Impact.Critical, Up, "critical", "Major Service Outage")]
    [InlineData(Impact.Critical, Slow, "critical", "Major Service Outage")]
    [InlineData(Impact.Major, Slow, "major", "Partial System Outage")]
    [InlineData(Impact.Major, Down, "critical", "Major Service Outage")]
    [InlineData(Impact.Minor, Up, "minor", "Partially Degraded Service")]
    [InlineData(Impact.None, Up, "minor", "Partially Degraded Service")]
    [InlineData(Impact.None, Maintained, "minor", "Partially Degraded Service")]
    public void The_state_is_the_worse_of_the_impact_and_of_the_components(Impact impact, ComponentStatus status, string indicator, string description)
    {
        var page = Page([status, Up], Called("No logins", Severity.Sev1, impact));
        Assert.Equal((indicator, description), (Headline.Indicator(page), Headline.Description(page)));
        var over = Page([Up, Up], Called("No logins", Severity.Sev1, impact).Resolved());
        Assert.Equal(Up, over.Overall);
    }

    [Fact]
    public void Open_incidents_stand_by_severity_then_by_time()
    {
        Incident[] incidents =
        [
            Called("SEV4", Severity.Sev4, Impact.Critical, 50),
            Called("older SEV2", Severity.Sev2, null, 10),
            Called("newer SEV2", Severity.Sev2, null, 20),
            Called("SEV1", Severity.Sev1, null, 0),
            Called("not rated, critical", null, Impact.Critical, 30),
            Called("not rated, minor", null, Impact.Minor, 40),
            Called("not rated, none", null, null, 45),
        ];
        Assert.Equal(
            ["SEV1", "not rated, critical", "newer SEV2", "older SEV2", "not rated, minor", "SEV4", "not rated, none"],
            Page([Up], incidents).Open.Select(incident => incident.Title)
        );
    }

    [Fact]
    public void A_resolved_incident_says_nothing() => Assert.Equal("All systems operational", Headline.Of(Page([Up], An.Incident().Resolved())));

    [Theory]
    [InlineData(Up, "none", "All Systems Operational")]
    [InlineData(Maintained, "maintenance", "Service Under Maintenance")]
    [InlineData(Slow, "minor", "Partially Degraded Service")]
    [InlineData(Partly, "major", "Partial System Outage")]
    [InlineData(Down, "critical", "Major Service Outage")]
    public void The_api_has_words_of_its_own(ComponentStatus status, string indicator, string description)
    {
        var page = Page([status, Up]);
        Assert.Equal((indicator, description), (Headline.Indicator(page), Headline.Description(page)));
    }
}
