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
        return SnapshotBuilder.Build(new()
        {
            Page = A.Page(), Groups = [], Maintenances = [], Incidents = incidents, Components = components,
            States = A.States(components, states.Select((status, i) => components[i].Set(status, An.Instant)), incidents),
        }, An.Instant);
    }

    private const ComponentStatus Up = ComponentStatus.Operational;
    private const ComponentStatus Maintained = ComponentStatus.UnderMaintenance;
    private const ComponentStatus Slow = ComponentStatus.DegradedPerformance;
    private const ComponentStatus Partly = ComponentStatus.PartialOutage;
    private const ComponentStatus Down = ComponentStatus.MajorOutage;

    [Theory]
    [InlineData("All systems operational", Up, Up)]
    [InlineData("All systems operational")]
    [InlineData("API is down", Down, Up)]
    [InlineData("API is down", Down)]
    [InlineData("Website is partly down", Slow, Partly)]
    [InlineData("API and Website are degraded", Slow, Slow, Up)]
    [InlineData("API, Website and 1 more are degraded", Slow, Slow, Slow, Up)]
    [InlineData("All systems are down", Down, Down)]
    [InlineData("Database is under maintenance", Up, Up, Maintained)]
    public void It_names_the_thing(string sentence, params ComponentStatus[] states) => Assert.Equal(sentence, Headline.Of(Page(states)));

    [Fact]
    public void An_incident_without_components_is_named() => Assert.Equal("Open incident: Elevated error rates on our API", Headline.Of(Page([Up], An.Incident())));

    [Fact]
    public void A_fix_that_is_watched_is_said_to_be() =>
        Assert.Equal("Monitoring a fix: Elevated error rates on our API", Headline.Of(Page([Up], An.Incident(draft: An.Update(Phase.Monitoring)))));

    [Fact]
    public void Several_incidents_are_counted() => Assert.Equal("2 open incidents", Headline.Of(Page([Up], An.Incident(), An.Incident())));

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
