using StatusPage.Domain;
using StatusPage.Domain.Maintenances;

namespace StatusPage.Tests.Maintenances;

/// <summary>The one way to change a maintenance: which requests change it, move it, notify or are refused.</summary>
public sealed class MaintenanceChangeTests
{
    private static readonly DateTimeOffset From = An.Instant.AddHours(48);
    private static readonly DateTimeOffset Until = From.AddHours(2);
    private static readonly ComponentId Api = ComponentId.New();
    private static readonly ComponentId Web = ComponentId.New();

    private static Maintenance Work() => Maintenance.Schedule(An.PageId, "Upgrade", "We upgrade.", From, Until, [Api, Web], An.Instant);

    private static MaintenanceRequest Ask => new() { Author = "ann" };

    public static TheoryData<MaintenanceRequest> Redundant =>
        [
            Ask,
            Ask with
            {
                Phase = MaintenancePhase.InProgress,
            },
            Ask with
            {
                News = " \n",
            },
            Ask with
            {
                Title = "Upgrade",
                Body = "We upgrade. ",
            },
            Ask with
            {
                From = From,
                Until = Until,
            },
            Ask with
            {
                Components = [Web, Api],
            },
            Ask with
            {
                Conduct = MaintenanceConduct.Default,
            },
            Ask with
            {
                Title = " Upgrade",
                Phase = MaintenancePhase.InProgress,
                Components = [Api, Web, Api],
            },
        ];

    [Theory]
    [MemberData(nameof(Redundant))]
    public void What_is_so_already_changes_nothing(MaintenanceRequest request)
    {
        var work = Work();
        var before = work.State();
        Assert.Null(work.Change(request, From.AddMinutes(5)));
        Assert.Equal(before, work.State());
    }

    [Fact]
    public void A_status_and_all_beside_it_is_one_act_and_one_post()
    {
        var work = Work();
        var version = work.Version;
        var change = work.Change(
            Ask with
            {
                Title = "Upgrade of the database",
                Until = Until.AddHours(1),
                Components = [Api],
                Phase = MaintenancePhase.InProgress,
                News = "We begin early.",
            },
            From.AddHours(-1)
        )!;
        Assert.Equal(
            (MaintenancePhase.InProgress, "We begin early.", MaintenanceEvent.Posted),
            (change.Post!.Phase, change.Post.Body, change.Told!.Value)
        );
        Assert.Equal(
            ("Upgrade of the database", "We upgrade.", Until.AddHours(1), version + 1),
            (work.Title, work.Body, work.ScheduledUntil, work.Version)
        );
        Assert.Equal([Api], work.ComponentIds);
        Assert.Equal(MaintenancePhase.InProgress, work.PhaseAt(From.AddHours(-1)));
        Assert.Same(change.Post, Assert.Single(work.Posts));
    }

    [Fact]
    public void The_same_status_again_makes_no_second_post()
    {
        var work = Work();
        foreach (var phase in new[] { MaintenancePhase.InProgress, MaintenancePhase.Verifying, MaintenancePhase.Completed })
        {
            Assert.NotNull(work.Change(Ask with { Phase = phase }, From.AddHours(-1)));
            Assert.Null(work.Change(Ask with { Phase = phase }, From.AddMinutes(-59)));
        }
        Assert.Equal(
            ["The maintenance is in progress.", "The maintenance is verifying.", "The maintenance is completed."],
            work.Posts.Select(post => post.Body)
        );
    }

    [Fact]
    public void An_end_that_is_sent_again_is_none_but_news_after_it_is_refused()
    {
        var work = Work();
        work.Post(MaintenancePhase.Completed, "All done.", true, "ann", From);
        Assert.Null(work.Post(MaintenancePhase.Completed, "All done.", true, "ann", From.AddMinutes(1)));
        Assert.Null(work.Change(Ask with { Title = "Upgrade", Phase = MaintenancePhase.Completed }, From.AddMinutes(1)));
        Assert.Throws<RuleViolation>(() => work.Post(MaintenancePhase.Completed, "One more thing.", true, "ann", From.AddMinutes(1)));
        Assert.Throws<RuleViolation>(() => work.Change(Ask with { Title = "Another" }, From.AddMinutes(1)));
    }

    [Fact]
    public void News_without_a_status_leaves_it_where_it_stands()
    {
        var work = Work();
        Assert.Equal(MaintenancePhase.InProgress, work.Change(Ask with { News = "Half done." }, From.AddHours(1))!.Post!.Phase);
        Assert.Equal(MaintenancePhase.Completed, work.PhaseAt(Until));
        Assert.Null(Work().Change(Ask with { News = "Quiet.", Notifies = false }, From)!.Told);
    }

    [Fact]
    public void Moved_it_is_told_so_and_a_mended_word_is_not()
    {
        Assert.Equal(MaintenanceEvent.Changed, Work().Change(Ask with { Until = Until.AddHours(1) }, An.Instant)!.Told);
        Assert.Null(Work().Change(Ask with { Body = "We upgrade it." }, An.Instant)!.Told);
    }

    [Fact]
    public void Of_a_refused_act_no_part_is_done()
    {
        var work = Work();
        var before = work.State();
        Assert.Throws<RuleViolation>(() =>
            work.Change(Ask with { Title = "Other", Phase = MaintenancePhase.Scheduled, News = "Not begun." }, From.AddHours(1))
        );
        Assert.Throws<RuleViolation>(() => work.Change(Ask with { Title = "Other", Until = From }, An.Instant));
        Assert.Throws<RuleViolation>(() =>
            work.Change(Ask with { Phase = MaintenancePhase.InProgress, News = "We begin.", Title = new('x', 300) }, An.Instant)
        );
        Assert.Throws<RuleViolation>(() =>
            work.Change(
                Ask with
                {
                    Phase = MaintenancePhase.InProgress,
                    Conduct = MaintenanceConduct.Default with { RemindBefore = TimeSpan.FromHours(7) },
                },
                An.Instant
            )
        );
        Assert.Equal(before, work.State());
    }

    [Fact]
    public void A_cancelled_one_moves_no_more()
    {
        var work = Work();
        work.Cancel(An.Instant);
        var before = work.State();
        Assert.Throws<RuleViolation>(() => work.Change(Ask with { Phase = MaintenancePhase.InProgress }, From));
        Assert.Throws<RuleViolation>(() => work.Change(Ask with { Until = Until.AddHours(1) }, An.Instant));
        Assert.Throws<RuleViolation>(() => work.Cancel(From));
        Assert.Null(work.Change(Ask with { Phase = MaintenancePhase.Scheduled, Title = "Upgrade" }, From));
        Assert.Equal(before, work.State());
    }

    [Theory]
    [InlineData(-365 * 24, -365 * 24 + 2, "over already")]
    [InlineData(-2, 0, "over already")]
    [InlineData(-365 * 24, 2, "Check the day and the year")]
    [InlineData(-24.1, 2, "Check the day and the year")]
    [InlineData(2, 1, "after the start")]
    public void A_window_in_the_past_is_refused(double from, double until, string why)
    {
        Assert.Contains(
            why,
            Assert
                .Throws<RuleViolation>(() =>
                    Maintenance.Schedule(An.PageId, "Upgrade", "x", An.Instant.AddHours(from), An.Instant.AddHours(until), [], An.Instant)
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            why,
            Assert
                .Throws<RuleViolation>(() => Work().Change(Ask with { From = An.Instant.AddHours(from), Until = An.Instant.AddHours(until) }, An.Instant))
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_start_a_little_in_the_past_begins_at_once()
    {
        var work = Maintenance.Schedule(An.PageId, "Upgrade", "x", An.Instant.AddHours(-5), An.Instant.AddHours(1), [], An.Instant);
        Assert.Equal(MaintenancePhase.InProgress, work.PhaseAt(An.Instant));
        Assert.Null(MaintenanceCall.Due(work, An.Instant));
    }

    [Fact]
    public void What_waits_for_somebody_since_long_can_still_be_reworded()
    {
        var work = Maintenance.Schedule(An.PageId, "Upgrade", "x", From, Until, [], An.Instant, MaintenanceConduct.Default with { StartsItself = false });
        Assert.NotNull(work.Change(Ask with { Body = "It is delayed." }, Until.AddDays(9)));
        Assert.NotNull(work.Change(Ask with { Until = Until.AddDays(10) }, Until.AddDays(9)));
    }

    [Fact]
    public void A_record_is_over_silent_and_says_so()
    {
        var (from, until) = (An.Instant.AddDays(-9), An.Instant.AddDays(-9).AddHours(2));
        var work = Maintenance.Record(An.PageId, "Upgrade", "We upgraded.", from, until, [Api], An.Instant);
        Assert.Equal((true, MaintenancePhase.Completed), (work.IsBackfilled, work.PhaseAt(An.Instant)));
        Assert.Null(MaintenanceCall.Due(work, An.Instant));
        Assert.Null(MaintenanceCall.NextAfter(work, An.Instant));
        var entry = Assert.Single(MaintenanceStory.Tell(work, An.Instant));
        Assert.Equal((MaintenancePhase.Completed, "We upgraded.", until), (entry.Phase, entry.Body, entry.At));
        Assert.Throws<RuleViolation>(() => Maintenance.Record(An.PageId, "Upgrade", "x", from, An.Instant.AddHours(1), [], An.Instant));
        Assert.Throws<RuleViolation>(() => work.Post(MaintenancePhase.InProgress, "Again.", true, "ann", An.Instant));
        Assert.Throws<RuleViolation>(() => work.Change(Ask with { Until = An.Instant.AddHours(1) }, An.Instant));
        Assert.Null(work.Change(Ask with { Title = "Upgrade of the database", Until = until.AddHours(1) }, An.Instant)!.Told);
        Assert.Equal((MaintenancePhase.InProgress, MaintenancePhase.Completed), (work.PhaseAt(until), work.PhaseAt(until.AddHours(1))));
        work.Cancel(An.Instant);
        Assert.NotNull(work.CancelledAt);
    }
}
