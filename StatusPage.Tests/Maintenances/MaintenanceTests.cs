using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Shared;

namespace StatusPage.Tests.Maintenances;

public sealed class MaintenanceTests
{
    private static readonly DateTimeOffset From = An.Instant.AddHours(48);
    private static readonly DateTimeOffset Until = From.AddHours(2);

    private static Maintenance Work(
        bool starts = true,
        MaintenanceEnd end = MaintenanceEnd.OnTime,
        int? verify = null,
        int? remind = 24,
        bool tells = true,
        params ComponentId[] components
    ) =>
        Maintenance.Schedule(
            An.PageId,
            "Upgrade",
            "We upgrade.",
            From,
            Until,
            components,
            An.Instant,
            new(starts, end, verify is { } minutes ? TimeSpan.FromMinutes(minutes) : null, remind is { } hours ? TimeSpan.FromHours(hours) : null, tells)
        );

    private static string Phases(Maintenance work, params double[] hoursAfterStart) =>
        string.Join(
            ' ',
            hoursAfterStart.Select(hours => work.PhaseAt(From.AddHours(hours)).Code() + (work.Plan.IsLateAt(From.AddHours(hours)) ? "!" : ""))
        );

    [Fact]
    public void By_the_clock_it_starts_and_ends_on_time() =>
        Assert.Equal("scheduled in_progress in_progress completed completed", Phases(Work(), -0.01, 0, 1.99, 2, 100));

    [Fact]
    public void Ended_by_hand_it_runs_on_and_is_late()
    {
        var work = Work(end: MaintenanceEnd.ByHand);
        Assert.Equal("scheduled in_progress in_progress! in_progress!", Phases(work, -1, 0, 2, 50));
        work.Post(MaintenancePhase.Completed, "Done.", true, "ann", From.AddHours(3));
        Assert.Equal("in_progress! completed", Phases(work, 2.99, 3));
        Assert.Throws<RuleViolation>(() => work.Post(MaintenancePhase.InProgress, "More.", true, "ann", From.AddHours(4)));
    }

    [Fact]
    public void Started_by_hand_it_waits_for_that_and_is_late()
    {
        var work = Work(starts: false);
        Assert.Equal("scheduled scheduled! scheduled!", Phases(work, -1, 0, 5));
        work.Post(MaintenancePhase.InProgress, "We begin.", true, "ann", From.AddHours(0.5));
        Assert.Equal("scheduled! in_progress completed", Phases(work, 0.4, 0.5, 2));
    }

    [Fact]
    public void Started_by_hand_after_its_planned_end_somebody_ends_it()
    {
        var work = Work(starts: false);
        work.Post(MaintenancePhase.InProgress, "We begin at last.", true, "ann", From.AddHours(3));
        Assert.Equal("in_progress! in_progress!", Phases(work, 3, 9));
    }

    [Fact]
    public void It_is_verified_for_a_while_or_until_somebody_says_so()
    {
        Assert.Equal("in_progress verifying verifying completed", Phases(Work(end: MaintenanceEnd.Verified, verify: 30), 1, 2, 2.49, 2.5));
        var work = Work(end: MaintenanceEnd.Verified);
        Assert.Equal("in_progress verifying verifying", Phases(work, 1, 2, 50));
        work.Post(MaintenancePhase.InProgress, "Something is not right.", true, "ann", From.AddHours(3));
        Assert.Equal("in_progress! in_progress!", Phases(work, 3, 9));
        work.Post(MaintenancePhase.Verifying, "Verifying again.", true, "ann", From.AddHours(10));
        work.Post(MaintenancePhase.Completed, "Done.", true, "ann", From.AddHours(11));
        Assert.Equal("verifying completed", Phases(work, 10, 11));
        Assert.Equal(
            ["Done.", "Verifying again.", "Something is not right.", MaintenanceStory.Verified, MaintenanceStory.Begun, "We upgrade."],
            MaintenanceStory.Tell(work, From.AddHours(12)).Select(entry => entry.Body)
        );
    }

    [Fact]
    public void Begun_early_it_has_begun_then()
    {
        var work = Work();
        work.Post(MaintenancePhase.Scheduled, "All is prepared.", true, "ann", From.AddHours(-5));
        work.Post(MaintenancePhase.InProgress, "We begin early.", true, "ann", From.AddHours(-1));
        Assert.Equal("scheduled in_progress in_progress completed", Phases(work, -1.1, -1, 1, 2));
        Assert.Equal(
            [MaintenancePhase.Completed, MaintenancePhase.InProgress, MaintenancePhase.Scheduled, MaintenancePhase.Scheduled],
            MaintenanceStory.Tell(work, Until).Select(entry => entry.Phase)
        );
    }

    [Fact]
    public void What_the_clock_says_has_the_same_id_everywhere_and_no_other()
    {
        var work = Work();
        var told = MaintenanceStory.Tell(work, Until);
        Assert.Equal(told, MaintenanceStory.Tell(work, Until.AddDays(1)));
        Assert.Equal(3, told.Select(entry => entry.Id).Distinct().Count());
        Assert.All(told, entry => Assert.True(PublicId.LooksLikeOne(entry.Id.Value)));
    }

    [Fact]
    public void Once_begun_only_the_end_moves()
    {
        var work = Work();
        Assert.Throws<RuleViolation>(() => work.Reschedule("Upgrade", "x", From.AddHours(1), Until, [], From));
        work.Reschedule("Upgrade", "x", From, Until.AddHours(1), [], From);
        Assert.Equal("in_progress completed", Phases(work, 2, 3));
        Assert.Throws<RuleViolation>(() => work.Reschedule("Upgrade", "x", From, Until, [], Until.AddHours(2)));
    }

    [Fact]
    public void A_change_of_who_leads_it_moves_it_nowhere()
    {
        var work = Work(end: MaintenanceEnd.Verified);
        work.Reschedule("Upgrade", "x", From, Until, [], From.AddHours(1), work.Conduct with { StartsItself = false });
        Assert.Equal("in_progress verifying", Phases(work, 1, 2));
        Assert.Contains(
            "completed at once",
            Assert
                .Throws<RuleViolation>(() =>
                    work.Reschedule("Upgrade", "x", From, Until, [], Until.AddHours(1), work.Conduct with { End = MaintenanceEnd.OnTime })
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Equal("verifying", Phases(work, 3));
    }

    [Theory]
    [InlineData(-25, null)]
    [InlineData(-24, MaintenanceEvent.Reminder)]
    [InlineData(-0.1, MaintenanceEvent.Reminder)]
    [InlineData(0, MaintenanceEvent.Started)]
    [InlineData(1.9, MaintenanceEvent.Started)]
    [InlineData(2, MaintenanceEvent.Completed)]
    [InlineData(24 * 6, MaintenanceEvent.Completed)]
    [InlineData(24 * 8, null)]
    public void The_latest_alone_is_told(double hours, MaintenanceEvent? told) =>
        Assert.Equal(told, MaintenanceCall.Due(Work(), From.AddHours(hours))?.Event);

    [Fact]
    public void What_people_do_they_tell_themselves_and_what_is_wished_quiet_is_quiet()
    {
        var work = Work(end: MaintenanceEnd.ByHand);
        work.Post(MaintenancePhase.InProgress, "We begin early.", true, "ann", From.AddHours(-1));
        Assert.Null(MaintenanceCall.Due(work, From));
        Assert.Null(MaintenanceCall.Due(Work(remind: null), From.AddHours(-1)));
        Assert.Null(MaintenanceCall.Due(Work(tells: false), From));
        var late = Maintenance.Schedule(An.PageId, "Upgrade", "x", An.Instant.AddHours(5), An.Instant.AddHours(6), [], An.Instant);
        Assert.Null(MaintenanceCall.Due(late, An.Instant.AddHours(1)));
        work = Work();
        work.Cancel(From.AddHours(-2));
        Assert.Null(MaintenanceCall.Due(work, From.AddHours(-1)));
    }

    [Fact]
    public void Moved_it_is_worth_another_reminder()
    {
        var work = Work();
        var first = MaintenanceCall.Due(work, From.AddHours(-1))!.Key;
        work.Reschedule("Upgrade", "x", From.AddDays(7), Until.AddDays(7), [], From.AddHours(-1));
        Assert.Null(MaintenanceCall.Due(work, From));
        Assert.NotEqual(first, MaintenanceCall.Due(work, From.AddDays(7).AddHours(-1))!.Key);
    }

    [Fact]
    public void The_page_moves_on_without_a_store()
    {
        var api = A.Component();
        Maintenance[] windows = [Work(end: MaintenanceEnd.Verified, verify: 30, components: api.Id)];
        var rows = new SnapshotRows
        {
            Page = A.Page(),
            Zone = A.Zone,
            Groups = [],
            Components = [api],
            Incidents = [],
            States = A.States([api], maintenances: windows),
            Maintenances = windows,
        };
        var snapshot = SnapshotBuilder.Build(rows, An.Instant);
        foreach (
            var (at, phase, status, story) in new[]
            {
                (From, MaintenancePhase.InProgress, ComponentStatus.UnderMaintenance, 2),
                (Until, MaintenancePhase.Verifying, ComponentStatus.UnderMaintenance, 3),
                (Until.AddMinutes(30), MaintenancePhase.Completed, ComponentStatus.Operational, 4),
            }
        )
        {
            var built = SnapshotBuilder.Build(rows, at);
            snapshot = SnapshotBuilder.Advance(snapshot, at);
            foreach (var one in new[] { built, snapshot })
                Assert.Equal(
                    (phase, status, story, at),
                    (one.Maintenances[0].Phase, one.Components[0].Status, one.Maintenances[0].Story.Count, one.Maintenances[0].Latest.At)
                );
        }
    }
}

/// <summary>The rule of the worst state.</summary>
public sealed class OverlapTests
{
    private static readonly Component Api = A.Component();

    private static Maintenance Window(double from, double until) =>
        Maintenance.Schedule(An.PageId, "Work", "Work.", An.Instant.AddHours(from), An.Instant.AddHours(until), [Api.Id], An.Instant);

    private static ComponentStatus At(double hours, ComponentStatus own, params Maintenance[] windows) =>
        SnapshotBuilder
            .Build(
                new()
                {
                    Page = A.Page(),
                    Zone = A.Zone,
                    Groups = [],
                    Components = [Api],
                    Incidents = [],
                    States = A.States([Api], [Api.Set(own, An.Instant)], maintenances: windows),
                    Maintenances = windows,
                },
                An.Instant.AddHours(hours)
            )
            .Components[0]
            .Status;

    [Theory]
    [InlineData(ComponentStatus.Operational, false, ComponentStatus.Operational)]
    [InlineData(ComponentStatus.Operational, true, ComponentStatus.UnderMaintenance)]
    [InlineData(ComponentStatus.UnderMaintenance, false, ComponentStatus.UnderMaintenance)]
    [InlineData(ComponentStatus.DegradedPerformance, true, ComponentStatus.DegradedPerformance)]
    [InlineData(ComponentStatus.PartialOutage, true, ComponentStatus.PartialOutage)]
    [InlineData(ComponentStatus.MajorOutage, true, ComponentStatus.MajorOutage)]
    public void The_worst_wins(ComponentStatus own, bool isMaintained, ComponentStatus shown) => Assert.Equal(shown, own.Shown(isMaintained));

    [Fact]
    public void Two_windows_are_as_one_and_an_outage_shows_through_both()
    {
        var (one, two) = (Window(0, 2), Window(1, 3));
        Assert.Equal(ComponentStatus.UnderMaintenance, At(0.5, ComponentStatus.Operational, one, two));
        Assert.Equal(ComponentStatus.UnderMaintenance, At(1.5, ComponentStatus.Operational, one, two));
        Assert.Equal(ComponentStatus.UnderMaintenance, At(2.5, ComponentStatus.Operational, one, two));
        Assert.Equal(ComponentStatus.Operational, At(3, ComponentStatus.Operational, one, two));
        Assert.Equal(ComponentStatus.PartialOutage, At(1.5, ComponentStatus.PartialOutage, one, two));
        Assert.Equal(ComponentStatus.PartialOutage, At(3, ComponentStatus.PartialOutage, one, two));
    }

    [Fact]
    public void An_incident_within_a_window_shows_and_after_it_the_window_again()
    {
        var component = A.Component();
        var window = Maintenance.Schedule(An.PageId, "Work", "Work.", An.Instant, An.Instant.AddHours(3), [component.Id], An.Instant);
        Domain.Incidents.Incident? incident = null;
        Assert.Equal(ComponentStatus.UnderMaintenance, At(0));
        incident = Domain.Incidents.Incident.Open(
            An.PageId,
            "Errors",
            null,
            null,
            An.Update(components: (component, ComponentStatus.MajorOutage)),
            ComponentStates.Of(component),
            "ann",
            An.Instant.AddHours(1)
        );
        Assert.Equal(ComponentStatus.MajorOutage, At(1));
        incident.Post(
            An.Update(Domain.Incidents.Phase.Resolved, components: (component, ComponentStatus.Operational)),
            ComponentStates.Of(component),
            "ann",
            An.Instant.AddHours(2)
        );
        Assert.Equal(ComponentStatus.UnderMaintenance, At(2));
        Assert.Equal(ComponentStatus.Operational, At(3));

        ComponentStatus At(double hours)
        {
            var states = A.States([component], [], incident is null ? [] : [incident], [window]);
            var snapshot = SnapshotBuilder.Build(
                new()
                {
                    Page = A.Page(),
                    Zone = A.Zone,
                    Groups = [],
                    Components = [component],
                    Incidents = [],
                    States = states,
                    Maintenances = [window],
                },
                An.Instant.AddHours(hours)
            );
            Assert.Equal(snapshot.Components[0].Status, snapshot.Overall);
            return snapshot.Components[0].Status;
        }
    }
}

public sealed class MaintenanceSeriesTests
{
    private static readonly ZoneClock Clock = ZoneClock.For("America/Los_Angeles", An.Instant);

    private static MaintenanceSeries Series(RepeatUnit unit, int interval, DateTime start, DateTime end, DateOnly? lastDay = null, int? count = 10)
    {
        var series = MaintenanceSeries.Plan(An.PageId, unit, interval, start, end, lastDay, count, An.Instant);
        series.Describe("Upgrade", "We upgrade.", [], MaintenanceConduct.Default);
        return series;
    }

    private static string Starts(MaintenanceSeries series, int windows) =>
        string.Join(
            ' ',
            Enumerable
                .Range(0, windows)
                .Select(index =>
                    Clock.ToLocal(series.Window(index, Clock.FromLocal).From).ToString("MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture)
                )
        );

    [Fact]
    public void The_time_on_the_wall_stays_when_clocks_are_set()
    {
        var series = Series(RepeatUnit.Week, 1, new(2026, 10, 25, 1, 30, 0), new(2026, 10, 25, 3, 30, 0));
        Assert.Equal("10-25T01:30 11-01T01:30 11-08T01:30", Starts(series, 3));
        Assert.Equal(
            [2, 3, 2],
            Enumerable.Range(0, 3).Select(index => series.Window(index, Clock.FromLocal)).Select(window => (int)(window.Until - window.From).TotalHours)
        );
    }

    [Fact]
    public void A_window_in_the_hour_that_clocks_skip_comes_after_it()
    {
        var series = Series(RepeatUnit.Day, 1, new(2027, 3, 13, 2, 15, 0), new(2027, 3, 13, 2, 45, 0));
        Assert.Equal("03-13T02:15 03-14T03:15 03-15T02:15", Starts(series, 3));
        var (from, until) = series.Window(1, Clock.FromLocal);
        Assert.Equal(TimeSpan.FromMinutes(30), until - from);
    }

    [Fact]
    public void The_31st_is_the_last_day_of_shorter_months() =>
        Assert.Equal(
            "01-31T22:00 02-28T22:00 03-31T22:00 04-30T22:00",
            Starts(Series(RepeatUnit.Month, 1, new(2027, 1, 31, 22, 0, 0), new(2027, 1, 31, 23, 0, 0)), 4)
        );

    [Fact]
    public void Windows_are_made_sixty_days_ahead_and_no_window_twice()
    {
        var series = Series(RepeatUnit.Day, 7, new(2026, 11, 25, 10, 0, 0), new(2026, 11, 25, 12, 0, 0), count: 12);
        Assert.Equal(9, series.MakeAhead(Clock.FromLocal, An.Instant).Count);
        Assert.Empty(series.MakeAhead(Clock.FromLocal, An.Instant));
        Assert.Equal([9], series.MakeAhead(Clock.FromLocal, An.Instant.AddDays(7)).Select(window => window.Occurrence!.Value));
    }

    [Fact]
    public void Windows_that_passed_while_nobody_ran_are_left_out_and_a_first_one_in_the_past_is_refused()
    {
        var series = Series(RepeatUnit.Day, 7, new(2026, 11, 25, 10, 0, 0), new(2026, 11, 25, 12, 0, 0), count: 30);
        Assert.Equal(9, series.MakeAhead(Clock.FromLocal, An.Instant).Count);
        Assert.Equal(Enumerable.Range(15, 9), series.MakeAhead(Clock.FromLocal, An.Instant.AddDays(7 * 15)).Select(window => window.Occurrence!.Value));
        Assert.Empty(series.MakeAhead(Clock.FromLocal, An.Instant.AddDays(700)));
        Assert.False(series.Has(series.Made));
        Assert.Throws<RuleViolation>(() =>
            Series(RepeatUnit.Day, 7, new(2025, 11, 25, 10, 0, 0), new(2025, 11, 25, 12, 0, 0)).MakeAhead(Clock.FromLocal, An.Instant)
        );
    }

    [Fact]
    public void It_ends_on_its_last_day_or_before_the_window_that_was_cancelled()
    {
        var series = Series(RepeatUnit.Day, 2, new(2026, 11, 25, 10, 0, 0), new(2026, 11, 25, 12, 0, 0), new DateOnly(2026, 11, 29), null);
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(series.Has));
        series.EndBefore(1);
        Assert.False(series.Has(1));
    }

    [Theory]
    [InlineData(0, 10, null)]
    [InlineData(1, 0, null)]
    [InlineData(1, null, "2026-11-24")]
    public void What_cannot_come_again_is_refused(int interval, int? count, string? lastDay) =>
        Assert.Throws<RuleViolation>(() =>
            Series(
                RepeatUnit.Day,
                interval,
                new(2026, 11, 25, 10, 0, 0),
                new(2026, 11, 25, 12, 0, 0),
                lastDay is null ? null : DateOnly.Parse(lastDay, System.Globalization.CultureInfo.InvariantCulture),
                count
            )
        );

    [Fact]
    public void Without_an_end_it_comes_for_ever_and_windows_are_made_ahead_as_of_any_other()
    {
        var series = Series(RepeatUnit.Day, 1, new(2026, 11, 25, 10, 0, 0), new(2026, 11, 25, 12, 0, 0), count: null);
        Assert.Null(series.Total);
        Assert.True(series.Has(5000));
        Assert.InRange(series.MakeAhead(Clock.FromLocal, An.Instant).Count, 59, 62);
    }

    [Theory]
    [InlineData(RepeatUnit.Week, 1, 12, null, "every Wednesday, 12 times, until Feb 10, 2027")]
    [InlineData(RepeatUnit.Day, 3, null, "2026-12-01", "every 3 days, 3 times, until Dec 1")]
    [InlineData(RepeatUnit.Month, 2, 1, null, "every 2 months on day 25, once, until Nov 25")]
    [InlineData(RepeatUnit.Week, 2, null, null, "every 2 weeks on Wednesday, without an end")]
    public void How_often_and_how_long_is_said_in_words(RepeatUnit unit, int interval, int? count, string? lastDay, string words) =>
        Assert.Equal(
            words,
            StatusPage.Web.Maintenances.SeriesWords.Of(
                Series(
                    unit,
                    interval,
                    new(2026, 11, 25, 10, 0, 0),
                    new(2026, 11, 25, 12, 0, 0),
                    lastDay is null ? null : DateOnly.Parse(lastDay, System.Globalization.CultureInfo.InvariantCulture),
                    count
                ),
                Clock,
                StatusPage.Web.Languages.Words.English
            )
        );

    [Fact]
    public void Windows_do_not_run_into_each_other() =>
        Assert.Throws<RuleViolation>(() => Series(RepeatUnit.Day, 1, new(2026, 11, 25, 10, 0, 0), new(2026, 11, 26, 11, 0, 0)));

    [Theory]
    [InlineData("2027-03-14T02:30", 0)]
    [InlineData("2026-11-01T01:30", 2)]
    [InlineData("2026-11-02T01:30", 1)]
    [InlineData("nonsense", 0)]
    public void A_time_on_the_wall_means_none_one_or_two_instants(string typed, int meanings) =>
        Assert.Equal(meanings, Clock.Meanings(typed, out _).Count);
}
