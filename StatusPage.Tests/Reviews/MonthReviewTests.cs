using StatusPage.Domain.Components;
using StatusPage.Domain.Postmortems;
using StatusPage.Domain.Reviews;

namespace StatusPage.Tests.Reviews;

public sealed class MonthReviewTests
{
    private static readonly DateTimeOffset From = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private static ActionItem Item(string title, DateTimeOffset at, DateOnly? due = null) =>
        ActionItem.Create(An.Incident(), at).Write(title, "ann", due, ActionItemPriority.Normal, null, at);

    [Fact]
    public void Actions_are_told_as_they_stood_at_the_end_of_the_month()
    {
        var until = From.AddMonths(1);
        ActionItem[] items =
        [
            Item("done in time", From, new(2026, 11, 10)),
            Item("done late", From, new(2026, 11, 10)),
            Item("done before", From.AddDays(-40)),
            Item("overdue", From, new(2026, 11, 29)),
            Item("due on the last day", From, new(2026, 12, 1)),
            Item("dropped", From, new(2026, 11, 2)),
        ];
        items[0].MoveTo(ActionItemState.Done, From.AddDays(5));
        items[1].MoveTo(ActionItemState.Done, until.AddDays(3));
        items[2].MoveTo(ActionItemState.Done, From.AddDays(-1));
        items[5].MoveTo(ActionItemState.Dropped, From.AddDays(1));
        var actions = MonthActions.Tell(items, From, until, new(2026, 12, 1));
        Assert.Equal(["done in time"], actions.Done.Select(item => item.Title));
        Assert.Equal(["done late", "overdue"], actions.Overdue.Select(item => item.Title));
        Assert.Equal(3, actions.Open);
    }

    [Fact]
    public void The_component_that_was_down_longest_comes_first_and_what_was_never_down_is_not_named()
    {
        var (api, web, docs) = (A.Component("API", From.AddDays(-9)), A.Component("Web", From.AddDays(-9)), A.Component("Docs", From.AddDays(-9)));
        var states = A.States(
            [api, web, docs],
            [
                api.Set(ComponentStatus.MajorOutage, From.AddHours(-2)),
                api.Set(ComponentStatus.Operational, From.AddHours(1)),
                web.Set(ComponentStatus.PartialOutage, From.AddHours(5)),
                web.Set(ComponentStatus.Operational, From.AddHours(7)),
                docs.Set(ComponentStatus.DegradedPerformance, From.AddHours(5)),
            ]
        );
        var hurt = MonthReview.Worst(states, From, From.AddMonths(1), partialPercent: 30);
        // Two hours of which 30 per cent count are less than one whole hour.
        Assert.Equal([("API", TimeSpan.FromHours(1)), ("Web", TimeSpan.FromHours(2))], hurt.Select(row => (row.Name, row.Down)));
        Assert.Equal(["Web", "API"], MonthReview.Worst(states, From, From.AddMonths(1), partialPercent: 100).Select(row => row.Name));
    }
}
