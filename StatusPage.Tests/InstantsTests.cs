using CsCheck;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Snapshot;

namespace StatusPage.Tests;

/// <summary>No instant, from any source, leads out of the calendar.</summary>
public sealed class InstantsTests
{
    private static readonly Gen<DateTimeOffset> Any = Gen.Long[DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks]
        .Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    [Fact]
    public void Every_instant_has_a_nearest_within_the_bounds() =>
        Any.Sample(instant =>
        {
            Assert.True(Instants.Contain(Instants.Clamp(instant)));
            if (Instants.Contain(instant))
                Assert.Equal(instant, Instants.Clamp(instant));
            else
                Assert.Throws<RuleViolation>(() => Instants.Checked(instant, "Field", "The start"));
        });

    [Fact]
    public void A_maintenance_lies_within_the_bounds_or_is_refused() =>
        Gen.Select(Any, Any)
            .Sample(
                (from, until) =>
                {
                    try
                    {
                        var maintenance = Maintenance.Schedule(An.PageId, "Work", "We work.", from, until, [], An.Instant);
                        Assert.True(Instants.Contain(from) && Instants.Contain(until) && until - from <= MaintenanceConduct.LongestWindow);
                        Assert.Equal(from, maintenance.ScheduledFor);
                    }
                    catch (RuleViolation violation)
                    {
                        Assert.Contains(violation.Field, new[] { nameof(Maintenance.ScheduledFor), nameof(Maintenance.ScheduledUntil) });
                    }
                }
            );

    [Theory]
    [InlineData("0001-01-01", "9999-12-31", "The start must lie between 2000 and 2200.")]
    [InlineData("2026-12-01", "9999-12-31", "The end must lie between 2000 and 2200.")]
    [InlineData("2026-12-01", "2028-12-01", "A window can be 366 days long at most.")]
    [InlineData("2026-12-02", "2026-12-01", "The end must come after the start.")]
    public void Why_a_window_cannot_be_is_said(string from, string until, string says)
    {
        static DateTimeOffset At(string day) => new(DateTime.Parse(day, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero);
        Assert.Equal(
            says,
            Assert.Throws<RuleViolation>(() => Maintenance.Schedule(An.PageId, "Work", "We work.", At(from), At(until), [], An.Instant)).Message
        );
    }

    [Fact]
    public void A_row_of_which_no_view_can_be_made_is_left_out_and_named()
    {
        var bad = An.Incident();
        typeof(Domain.Incidents.Incident)
            .GetField("_updates", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!
            .SetValue(bad, new List<Domain.Incidents.IncidentUpdate>());
        var good = An.Incident();
        var left = new List<string>();
        var snapshot = SnapshotBuilder.Build(
            new()
            {
                Page = A.Page(),
                Zone = A.Zone,
                Groups = [],
                Components = [],
                Incidents = [bad, good],
                States = ComponentStates.Of(),
                Maintenances = [],
            },
            An.Instant,
            (row, _) => left.Add(row)
        );
        Assert.Equal([good.Id], snapshot.Incidents.Select(incident => incident.Id));
        Assert.Equal([$"Incident {bad.Id}"], left);
    }
}
