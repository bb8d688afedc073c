using CsCheck;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Public;
using StatusPage.Web.Shared;

namespace StatusPage.Tests.Public;

/// <summary>The last two weeks say nothing that the rest of the page contradicts.</summary>
public sealed class PastDaysTests
{
    // 9:00 in the morning of 28 November in Los Angeles.
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 17, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset LongAgo = Now.AddDays(-200);

    private static StatusSnapshot Snapshot(DateTimeOffset born, params Incident[] incidents) =>
        SnapshotBuilder.Build(
            new()
            {
                Page = A.Page(at: born),
                Zone = A.Zone,
                Groups = [],
                Maintenances = [],
                States = ComponentStates.Of(),
                Components = [],
                Incidents = incidents,
            },
            Now
        );

    private static IReadOnlyList<PastStretch> Of(StatusSnapshot snapshot) => [.. PastDays.Of(snapshot, ZoneClock.For(snapshot.TimeZone, snapshot.AsOf))];

    private static string Told(DateTimeOffset born, params Incident[] incidents) =>
        string.Join(
            " | ",
            Of(Snapshot(born, incidents))
                .Select(days =>
                    $"{days.To.Day}-{days.From.Day}: "
                    + (
                        days.IsQuiet
                            ? "quiet"
                            : string.Join(
                                ", ",
                                days.Lasting.Select(incident => $"lasts {incident.Phase}").Concat(days.Begun.Select(incident => $"began {incident.Phase}"))
                            )
                    )
                )
        );

    private static Incident From(int daysAgo) => An.Incident(Now.AddDays(-daysAgo));

    [Fact]
    public void Without_incidents_the_two_weeks_are_one_quiet_line() => Assert.Equal("15-28: quiet", Told(LongAgo));

    [Fact]
    public void Today_is_not_quiet_while_something_is_open() => Assert.Equal("28-28: lasts Investigating | 15-27: quiet", Told(LongAgo, From(0)));

    [Fact]
    public void Days_on_which_an_incident_was_open_are_not_quiet() => Assert.Equal("23-28: lasts Investigating | 15-22: quiet", Told(LongAgo, From(5)));

    [Fact]
    public void An_incident_of_several_days_covers_them_and_is_told_on_the_first() =>
        Assert.Equal("27-28: quiet | 25-26: lasts Resolved | 24-24: began Resolved | 15-23: quiet", Told(LongAgo, From(4).Resolved(Now.AddDays(-2))));

    [Fact]
    public void An_incident_that_is_older_than_the_two_weeks_covers_what_it_reaches() =>
        Assert.Equal("20-28: quiet | 15-19: lasts Resolved", Told(LongAgo, From(20).Resolved(Now.AddDays(-9))));

    [Fact]
    public void A_withdrawn_incident_covers_nothing()
    {
        var incident = From(4);
        incident.WithdrawAll("It was a test.", "ann", Now.AddDays(-2));
        Assert.Equal("25-28: quiet | 24-24: began Resolved | 15-23: quiet", Told(LongAgo, incident));
    }

    [Fact]
    public void Days_before_the_page_existed_are_not_told_of()
    {
        Assert.Equal("28-28: quiet", Told(Now));
        Assert.Equal("26-28: quiet", Told(Now.AddDays(-2)));
        // Days follow the page's zone; in London it is the 26th already.
        Assert.Equal("25-28: quiet", Told(new(2026, 11, 26, 3, 0, 0, TimeSpan.Zero)));
        Assert.Equal("27-28: quiet | 24-24: began Resolved", Told(Now.AddDays(-1), From(4).Resolved()));
    }

    [Fact]
    public void No_quiet_day_has_an_incident_and_no_day_is_told_twice() =>
        Gen.Select(Gen.Int[0, 30 * 24], Gen.Int[0, 10 * 24], Gen.Bool)
            .Array[0, 5]
            .Select(Gen.Int[0, 20])
            .Sample(
                (spans, age) =>
                {
                    var incidents = spans
                        .Select(span =>
                        {
                            var incident = An.Incident(Now.AddHours(-span.Item1));
                            return span.Item3 || span.Item1 < span.Item2 ? incident : incident.Resolved(Now.AddHours(span.Item2 - span.Item1));
                        })
                        .ToArray();
                    var snapshot = Snapshot(Now.AddDays(-age), incidents);
                    var clock = ZoneClock.For(snapshot.TimeZone, snapshot.AsOf);
                    var seen = new HashSet<DateOnly>();
                    foreach (var stretch in Of(snapshot))
                        for (var day = stretch.From; day >= stretch.To; day = day.AddDays(-1))
                        {
                            Assert.True(seen.Add(day));
                            var open = incidents.Any(incident =>
                                clock.DateOf(incident.StartedAt) <= day && day <= clock.DateOf(incident.ResolvedAt ?? Now)
                            );
                            Assert.Equal(open, !stretch.IsQuiet);
                            Assert.True(open || day >= clock.DateOf(snapshot.CreatedAt));
                        }
                    for (
                        var day = clock.DateOf(Now);
                        day > clock.DateOf(Now).AddDays(-14) && day >= clock.DateOf(snapshot.CreatedAt);
                        day = day.AddDays(-1)
                    )
                        Assert.Contains(day, seen);
                },
                iter: 500
            );

    [Fact]
    public void The_calendar_knows_nothing_of_days_before_the_page_existed()
    {
        var days = HistoryCalendar
            .Of(Snapshot(Now.AddDays(-2)), ZoneClock.For("America/Los_Angeles", Now))
            .SelectMany(month => month.Weeks)
            .SelectMany(week => week)
            .OfType<CalendarDay>();
        Assert.Equal([26, 27, 28], days.Where(day => day.Worst is not null).Select(day => day.Date.Day).Order());
    }
}
