using StatusPage.Domain.Components;

namespace StatusPage.Tests.Components;

public sealed class UptimeHistoryTests
{
    private static readonly Web.Shared.Zone Berlin = Zones.Of("Europe/Berlin");
    private static readonly Web.Shared.Zone LosAngeles = Zones.Of("America/Los_Angeles");
    private static readonly DateTimeOffset Born = Utc(1, 1, 0);

    private static DateTimeOffset Utc(int month, int day, double hour) => new DateTimeOffset(2026, month, day, 0, 0, 0, TimeSpan.Zero).AddHours(hour);

    private static UptimeHistory Tell(DateTimeOffset now, IZone zone, DateTimeOffset? born, params (ComponentStatus Status, DateTimeOffset At)[] changes)
    {
        var component = A.Component(at: born ?? Born);
        return UptimeHistory.Tell(component, A.States([component], changes.Select(change => component.Set(change.Status, change.At))), zone, now);
    }

    [Fact]
    public void A_component_without_trouble_has_been_up_all_the_time()
    {
        var history = Tell(Utc(6, 1, 12), Zones.Of("Etc/UTC"), null);
        Assert.Equal(100, history.UptimePercent);
        Assert.Empty(history.Troubled);
        Assert.Null(history.Since);
    }

    [Fact]
    public void Ninety_days_are_told_and_today_is_the_last()
    {
        var history = Tell(Utc(6, 1, 12), Zones.Of("Etc/UTC"), null);
        Assert.Equal((new DateOnly(2026, 6, 1), 89), (history.To, history.To.DayNumber - history.From.DayNumber));
    }

    [Fact]
    public void A_major_outage_counts_wholly()
    {
        var history = Tell(
            Utc(6, 1, 0),
            Zones.Of("Etc/UTC"),
            Utc(5, 22, 0),
            (ComponentStatus.MajorOutage, Utc(5, 25, 0)),
            (ComponentStatus.Operational, Utc(5, 26, 0))
        );
        Assert.Equal(90, history.UptimePercent);
        Assert.Equal(new UptimeDay(new(2026, 5, 25), ComponentStatus.MajorOutage, 0, 0, 24 * 60), Assert.Single(history.Troubled));
    }

    [Fact]
    public void A_partial_outage_counts_three_tenths()
    {
        var history = Tell(
            Utc(6, 1, 0),
            Zones.Of("Etc/UTC"),
            Utc(5, 22, 0),
            (ComponentStatus.PartialOutage, Utc(5, 25, 0)),
            (ComponentStatus.Operational, Utc(5, 26, 0))
        );
        Assert.Equal(97, history.UptimePercent);
    }

    [Theory]
    [InlineData(ComponentStatus.DegradedPerformance)]
    [InlineData(ComponentStatus.UnderMaintenance)]
    public void What_is_not_an_outage_shows_but_does_not_count(ComponentStatus status)
    {
        var history = Tell(Utc(6, 1, 0), Zones.Of("Etc/UTC"), null, (status, Utc(5, 25, 0)), (ComponentStatus.Operational, Utc(5, 25, 1)));
        Assert.Equal((100, status), (history.UptimePercent ?? -1, Assert.Single(history.Troubled).Worst));
    }

    [Fact]
    public void An_outage_over_midnight_is_split_between_the_days()
    {
        var history = Tell(
            Utc(6, 1, 0),
            Zones.Of("Etc/UTC"),
            null,
            (ComponentStatus.MajorOutage, Utc(5, 25, 23)),
            (ComponentStatus.Operational, Utc(5, 26, 2))
        );
        Assert.Equal([(25, 60), (26, 120)], history.Troubled.Select(day => (day.Date.Day, day.MajorMinutes)));
    }

    [Fact]
    public void A_day_is_a_day_in_the_zone_of_the_page()
    {
        // 05:00 UTC on the 26th is 22:00 on the 25th in Los Angeles.
        var history = Tell(Utc(6, 1, 0), LosAngeles, null, (ComponentStatus.MajorOutage, Utc(5, 26, 5)), (ComponentStatus.Operational, Utc(5, 26, 6)));
        Assert.Equal(new DateOnly(2026, 5, 25), Assert.Single(history.Troubled).Date);
    }

    [Theory]
    [InlineData(3, 29, 23)] // clocks go forward
    [InlineData(10, 25, 25)] // and back
    public void A_day_of_changing_clocks_has_its_own_length(int month, int day, int hours)
    {
        var start = Berlin.StartOf(new(2026, month, day));
        var history = Tell(
            start.AddDays(3),
            Berlin,
            null,
            (ComponentStatus.MajorOutage, start.AddDays(-1)),
            (ComponentStatus.Operational, start.AddDays(2))
        );
        Assert.Equal(hours * 60, history.Troubled.Single(told => told.Date == new DateOnly(2026, month, day)).MajorMinutes);
    }

    [Fact]
    public void Where_clocks_skip_midnight_the_day_starts_at_the_first_instant_that_exists()
    {
        // Beirut went from 00:00 to 01:00 on 29 March 2026.
        var zone = Zones.Of("Asia/Beirut");
        Assert.Equal(new DateTimeOffset(2026, 3, 28, 22, 0, 0, TimeSpan.Zero), zone.StartOf(new(2026, 3, 29)));
    }

    [Fact]
    public void An_outage_that_lasts_counts_up_to_now()
    {
        var history = Tell(Utc(5, 25, 14.5), Zones.Of("Etc/UTC"), null, (ComponentStatus.MajorOutage, Utc(5, 25, 14)));
        Assert.Equal(30, Assert.Single(history.Troubled).MajorMinutes);
        Assert.True(history.UptimePercent < 100);
    }

    [Fact]
    public void An_outage_that_began_before_the_window_counts_inside_it()
    {
        var history = Tell(Utc(11, 1, 0), Zones.Of("Etc/UTC"), Born, (ComponentStatus.MajorOutage, Born));
        Assert.Equal(0, history.UptimePercent);
        Assert.All(history.Troubled.SkipLast(1), day => Assert.Equal(24 * 60, day.MajorMinutes));
    }

    [Fact]
    public void The_days_before_the_component_existed_are_not_observed()
    {
        var history = Tell(Utc(6, 1, 0), Zones.Of("Etc/UTC"), Utc(5, 31, 0), (ComponentStatus.MajorOutage, Utc(5, 31, 12)));
        Assert.Equal((new DateOnly(2026, 5, 31), 50), (history.Since!.Value, history.UptimePercent!.Value));
    }

    [Fact]
    public void No_per_cent_is_told_until_a_day_has_passed()
    {
        Assert.Null(Tell(Born, Zones.Of("Etc/UTC"), Born).UptimePercent);
        Assert.Null(Tell(Born.AddHours(23.9), Zones.Of("Etc/UTC"), Born, (ComponentStatus.MajorOutage, Born.AddHours(1))).UptimePercent);
        Assert.Equal(50, Tell(Born.AddHours(24), Zones.Of("Etc/UTC"), Born, (ComponentStatus.MajorOutage, Born.AddHours(12))).UptimePercent);
    }

    [Fact]
    public void What_began_this_instant_is_the_state_of_today_at_once()
    {
        var history = Tell(Utc(6, 1, 12), Zones.Of("Etc/UTC"), null, (ComponentStatus.MajorOutage, Utc(6, 1, 12)));
        Assert.Equal(new UptimeDay(new(2026, 6, 1), ComponentStatus.MajorOutage, 0, 0, 0), Assert.Single(history.Troubled));
    }

    [Fact]
    public void The_worst_state_of_a_day_is_told()
    {
        var history = Tell(
            Utc(6, 1, 0),
            Zones.Of("Etc/UTC"),
            null,
            (ComponentStatus.DegradedPerformance, Utc(5, 25, 1)),
            (ComponentStatus.MajorOutage, Utc(5, 25, 2)),
            (ComponentStatus.Operational, Utc(5, 25, 3))
        );
        var day = Assert.Single(history.Troubled);
        Assert.Equal((ComponentStatus.MajorOutage, 60, 60), (day.Worst, day.DegradedMinutes, day.MajorMinutes));
    }
}
