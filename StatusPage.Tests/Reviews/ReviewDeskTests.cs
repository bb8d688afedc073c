using System.Net;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Postmortems;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Reviews;

/// <summary>The review of a month at the desk, on both stores.</summary>
public abstract class ReviewDeskTests : DeskTests
{
    [Fact]
    public async Task A_month_shows_incidents_promises_times_actions_and_what_was_down()
    {
        // Noon of the tenth of the month before, which is the same day in every zone of this test.
        var today = DateTimeOffset.UtcNow;
        var at = new DateTimeOffset(today.Year, today.Month, 10, 12, 0, 0, TimeSpan.Zero).AddMonths(-1);
        var page = await App.PageAsync();
        var beside = await App.AddPageAsync("Beside", "beside");
        var component = Component.Create(page.Id, "Payments | [x]", null, null, "payments", 1, at.AddDays(-5));
        foreach (var (to, title) in new[] { (page.Id, "Cards | *fail*"), (beside.Id, "Not ours") })
        {
            var states = to == page.Id ? ComponentStates.Of(component) : ComponentStates.Of();
            var content = An.Update(promise: at.AddMinutes(30), notifies: false) with
            {
                Components = to == page.Id ? new Dictionary<Domain.ComponentId, ComponentStatus> { [component.Id] = ComponentStatus.MajorOutage } : [],
            };
            var incident = Incident.Open(to, title, Severity.Sev1, null, content, states, "ann", at);
            incident.Post(
                An.Update(Phase.Resolved, notifies: false) with
                {
                    Components = to == page.Id ? new Dictionary<Domain.ComponentId, ComponentStatus> { [component.Id] = ComponentStatus.Operational } : [],
                },
                states,
                "ann",
                at.AddMinutes(45)
            );
            var done = ActionItem.Create(incident, at.AddDays(1)).Write($"Add an alert for {title}", "ben", null, ActionItemPriority.High, null, at);
            done.MoveTo(ActionItemState.Done, at.AddDays(2));
            var late = ActionItem
                .Create(incident, at.AddDays(1))
                .Write($"Test rollbacks of {title}", null, DateOnly.FromDateTime(at.AddDays(3).DateTime), ActionItemPriority.High, null, at);
            await App.InStoreAsync(db =>
            {
                if (to == page.Id)
                    db.Add(component);
                db.AddRange(incident, done, late);
                return db.SaveChangesAsync();
            });
        }
        var month = $"{at:yyyy-MM}";
        var shown = await Owner.GetAsync("/admin/review");
        var text = shown.Body!.TextContent;
        foreach (var word in new[] { "Cards | *fail*", "45 min", "0 of 1 kept", "1 done", "1 open, 1 of them overdue", "Payments | [x]" })
            Assert.Contains(word, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Not ours", text, StringComparison.Ordinal);
        Assert.Equal(text, (await Owner.GetAsync($"/admin/review/{month}")).Body!.TextContent);
        var markdown = (await Owner.GetAsync($"/admin/review/{month}?handler=Markdown")).Body!.TextContent;
        Assert.Contains("| [Cards \\| \\*fail\\*](http://", markdown, StringComparison.Ordinal);
        Assert.Contains("| SEV1 | 1 | 0 min | 0 min | 1 of 1 | 0 min | 1 of 1 | 45 min |", markdown, StringComparison.Ordinal);
        Assert.Contains("- [x] Add an alert for Cards \\| \\*fail\\* (ben)", markdown, StringComparison.Ordinal);
        Assert.Contains(", overdue\n", markdown, StringComparison.Ordinal);
        Assert.Contains("| Payments \\| \\[x\\] | 45 min | 0 min | 1 | ", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_month_that_cannot_be_is_not_found()
    {
        await Owner.GetAsync("/admin/review/2020-01");
        Assert.Equal(HttpStatusCode.OK, Owner.Status);
        foreach (var month in new[] { "2020-13", "2190-01", "1999-12", "nonsense" })
        {
            await Owner.GetAsync($"/admin/review/{month}");
            Assert.Equal(HttpStatusCode.NotFound, Owner.Status);
        }
    }
}

public sealed class SqliteReviewDeskTests : ReviewDeskTests
{
    protected override Task<string[]> StoreAsync() => Task.FromResult<string[]>([]);
}

public sealed class PostgresReviewDeskTests(PostgresServer postgres) : ReviewDeskTests
{
    protected override async Task<string[]> StoreAsync() => ["--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()];
}
