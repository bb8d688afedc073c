using CsCheck;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Public;

namespace StatusPage.Tests.Public;

/// <summary>The way of an incident through its phases, as marks.</summary>
public sealed class PhaseMarksTests
{
    private static readonly ComponentStates None = ComponentStates.Of();

    private static Incident Of(IEnumerable<Phase> later)
    {
        var (incident, at) = (An.Incident(), An.Instant);
        foreach (var phase in later)
        {
            at = at.AddMinutes(10);
            if (incident.Phase.IsOver() && !phase.IsOver())
                incident.Reopen(An.Update(phase), None, "ann", at);
            else
                incident.Post(An.Update(phase), None, "ann", at);
        }
        return incident;
    }

    [Fact]
    public void What_was_reached_has_its_time_and_the_rest_is_ahead()
    {
        var marks = PhaseMarks.Of(IncidentView.Of(Of([Phase.Identified]))!).Marks;
        Assert.Equal(["Investigating", "Identified", "Monitoring", "Resolved"], marks.Select(mark => mark.Label));
        Assert.Equal([An.Instant, An.Instant.AddMinutes(10), null, null], marks.Select(mark => mark.At));
        Assert.Equal("identified", Assert.Single(marks, mark => mark.IsCurrent).Code);
    }

    [Fact]
    public void A_resolved_incident_shows_the_phases_that_it_had() =>
        Assert.Equal(
            ["investigating", "monitoring", "resolved"],
            PhaseMarks.Of(IncidentView.Of(Of([Phase.Monitoring, Phase.Resolved]))!).Marks.Select(mark => mark.Code)
        );

    [Fact]
    public void However_it_went_one_mark_is_current_and_none_ahead_stands_before_it() =>
        Gen.Int[0, 3]
            .Select(number => Phases.Postable[number])
            .List[0, 6]
            .Sample(later =>
            {
                var marks = PhaseMarks.Of(IncidentView.Of(Of(later))!).Marks;
                Assert.Single(marks, mark => mark.IsCurrent);
                Assert.All(marks.TakeWhile(mark => !mark.IsCurrent), mark => Assert.NotNull(mark.At));
                Assert.Equal(marks.Select(mark => mark.Code).Distinct(), marks.Select(mark => mark.Code));
            });
}
