using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Maintenances;

namespace StatusPage.Tests;

public sealed class ChecksTests
{
    [Fact]
    public void Everything_that_is_wrong_is_told_at_once_and_each_with_its_field()
    {
        var violation = Assert.Throws<RuleViolation>(() =>
            Component.Create(An.PageId, " ", new string('x', Component.MaxDescriptionLength + 1), null, "api", 1, An.Instant)
        );
        Assert.Equal(["Name", "Description"], violation.All.Select(rule => rule.Field));
        Assert.Equal("Enter a name for the component.", violation.Message);
    }

    [Fact]
    public void One_broken_rule_is_itself()
    {
        var violation = Assert.Throws<RuleViolation>(() => Component.Create(An.PageId, "", null, null, "api", 1, An.Instant));
        Assert.Equal("Name", violation.Field);
        Assert.Same(violation, Assert.Single(violation.All));
    }

    [Fact]
    public void A_maintenance_is_checked_as_a_whole()
    {
        var violation = Assert.Throws<RuleViolation>(() =>
            Maintenance.Schedule(
                An.PageId,
                "",
                "",
                An.Instant,
                An.Instant.AddHours(-1),
                [],
                An.Instant,
                new(true, (MaintenanceEnd)9, null, TimeSpan.FromHours(5), true)
            )
        );
        Assert.Equal(["Title", "Body", "End", "RemindBefore", "ScheduledUntil"], violation.All.Select(rule => rule.Field));
    }

    [Theory]
    [InlineData("API", "api", true)]
    [InlineData("ＡＰＩ", " API ", true)]
    [InlineData("API", "API 2", false)]
    public void Names_are_the_same_where_readers_take_them_for_the_same(string one, string other, bool same) =>
        Assert.Equal(same, Component.ReadsAs(one, other));
}
