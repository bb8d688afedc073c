using StatusPage.Domain.Accounts;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;

namespace StatusPage.Tests.Incidents;

/// <summary>The codes that others see; Statuspage's API defines all but the severities.</summary>
public sealed class CodeTests
{
    [Fact]
    public void Component_states_are_those_of_the_api() =>
        Assert.Equal(
            ["operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage"],
            ComponentStatuses.All.Select(ComponentStatuses.Code)
        );

    [Fact]
    public void Phases_are_those_of_the_api() =>
        Assert.Equal(["investigating", "identified", "monitoring", "resolved", "postmortem"], Enum.GetValues<Phase>().Select(Phases.Code));

    [Fact]
    public void Impacts_are_those_of_the_api() => Assert.Equal(["none", "minor", "major", "critical"], Impacts.All.Select(Impacts.Code));

    [Fact]
    public void Maintenance_phases_are_those_of_the_api() =>
        Assert.Equal(["scheduled", "in_progress", "verifying", "completed"], Enum.GetValues<MaintenancePhase>().Select(MaintenancePhases.Code));

    [Fact]
    public void Severities_are_those_of_the_guide() => Assert.Equal(["SEV1", "SEV2", "SEV3", "SEV4"], Severities.All.Select(Severities.Code));

    [Theory]
    [InlineData(Severity.Sev1, 0)]
    [InlineData(Severity.Sev2, 15)]
    [InlineData(Severity.Sev3, 60)]
    [InlineData(Severity.Sev4, 240)]
    public void A_severity_sets_the_time_to_respond(Severity severity, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), severity.ResponseTime());

    [Fact]
    public void Every_code_is_read_back()
    {
        Assert.All(ComponentStatuses.All, status => Assert.Equal(status, ComponentStatuses.Parse(status.Code())));
        Assert.All(Phases.Postable, phase => Assert.Equal(phase, Phases.Parse(phase.Code())));
        Assert.All(Impacts.All, impact => Assert.Equal(impact, Impacts.Parse(impact.Code())));
        Assert.All(Severities.All, severity => Assert.Equal(severity, Severities.Parse(severity.Code())));
        Assert.All(Roles.All, role => Assert.Equal(role, Roles.Parse(role.Code())));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("Investigating")]
    [InlineData("postmortem")]
    public void A_phase_that_cannot_be_posted_is_not_read(string? code) => Assert.Null(Phases.Parse(code));

    [Fact]
    public void A_severity_is_read_in_any_case() => Assert.Equal(Severity.Sev1, Severities.Parse("sev1"));

    [Theory]
    [InlineData(Role.Owner, true, true)]
    [InlineData(Role.Comms, true, false)]
    [InlineData(Role.Responder, false, false)]
    [InlineData(Role.Auditor, false, false)]
    public void A_role_says_what_it_may_do(Role role, bool publish, bool manage) => Assert.Equal((publish, manage), (role.MayPublish(), role.MayManage()));
}
