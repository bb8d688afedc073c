using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Notices;
using StatusPage.Domain.Promises;

namespace StatusPage.Tests.Promises;

public sealed class PromiseChainTests
{
    private static readonly OpenPromise Promise = new(
        IncidentId.Of("incident0001"),
        UpdateId.Of("update000001"),
        "Errors",
        Severity.Sev2,
        An.Instant,
        An.Instant.AddMinutes(30),
        "ann@acme.example"
    );

    private static readonly PromiseTarget Ann = new("ann", NoticeChannel.Email, "ann@acme.example", 0);
    private static readonly PromiseTarget Alice = new("alice", NoticeChannel.PagerDuty, "contact00001", 1);
    private static readonly PromiseTarget Charlie = new("charlie", NoticeChannel.Opsgenie, "contact00002", 2);

    private static string DueAt(double minutes, OpenPromise? promise = null) =>
        string.Join(
            ' ',
            PromiseChain
                .Due([promise ?? Promise], _ => [Ann, Alice, Charlie], PromiseRule.Default, An.Instant.AddMinutes(minutes))
                .Select(notice => notice.Key.Replace("promise.update000001.", "", StringComparison.Ordinal))
        );

    [Theory]
    [InlineData(24.9, "")]
    [InlineData(25, "soon.ann")]
    [InlineData(29.9, "soon.ann")]
    [InlineData(30, "lapsed.ann")]
    [InlineData(44.9, "lapsed.ann")]
    [InlineData(45, "lapsed.ann level1.alice")]
    [InlineData(60, "lapsed.ann level1.alice level2.charlie")]
    [InlineData(60 * 24 * 29, "lapsed.ann level1.alice level2.charlie")]
    [InlineData(60 * 24 * 31, "")]
    public void Each_is_told_the_latest_stage_that_is_theirs(double minutes, string due) => Assert.Equal(due, DueAt(minutes));

    [Fact]
    public void A_promise_as_short_as_the_reminder_needs_none()
    {
        var promise = Promise with { By = An.Instant.AddMinutes(5) };
        Assert.Equal("", DueAt(4, promise));
        Assert.Equal("lapsed.ann", DueAt(5, promise));
    }

    [Fact]
    public void The_next_look_is_at_the_next_stage()
    {
        var at = An.Instant;
        foreach (var expected in new[] { 25, 30, 45, 60 })
        {
            at = PromiseChain.NextAfter([Promise], PromiseRule.Default, at)!.Value;
            Assert.Equal(An.Instant.AddMinutes(expected), at);
        }
        Assert.Null(PromiseChain.NextAfter([Promise], PromiseRule.Default, at));
    }

    [Theory]
    [InlineData(-1, 15, 30)]
    [InlineData(5, 0, 30)]
    [InlineData(5, 30, 30)]
    [InlineData(5, 15, 1500)]
    [InlineData(61, 15, 30)]
    public void Times_that_make_no_sense_are_refused(int grace, int first, int second) =>
        Assert.Throws<RuleViolation>(() =>
            new PromiseRule(TimeSpan.FromMinutes(grace), TimeSpan.FromMinutes(first), TimeSpan.FromMinutes(second)).Checked()
        );
}
