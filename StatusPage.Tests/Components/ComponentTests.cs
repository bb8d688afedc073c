using StatusPage.Domain;
using StatusPage.Domain.Components;

namespace StatusPage.Tests.Components;

public sealed class ComponentTests
{
    [Theory]
    [InlineData("API", "api")]
    [InlineData("Background jobs & exports", "background-jobs-exports")]
    [InlineData("Zahlungs-Übersicht", "zahlungs-ubersicht")]
    [InlineData("支払い", "component")]
    [InlineData("Overall", "overall-2")]
    [InlineData("  --  ", "component")]
    public void A_slug_is_made_from_the_name(string name, string slug) => Assert.Equal(slug, Component.FreeSlug(name, new HashSet<string>()));

    [Fact]
    public void A_taken_slug_gets_the_next_free_number() => Assert.Equal("api-3", Component.FreeSlug("API", new HashSet<string> { "api", "api-2" }));

    [Fact]
    public void A_long_name_makes_a_slug_of_sixty_characters() => Assert.Equal(60, Component.FreeSlug(new string('x', 100), new HashSet<string>()).Length);

    [Fact]
    public void A_rename_leaves_the_slug()
    {
        var component = A.Component("API");
        component.Describe("REST API", null, null, An.Instant);
        Assert.Equal(("REST API", "api"), (component.Name, component.Slug));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    [InlineData("a\tb")]
    public void A_name_is_needed_in_one_line(string? name) => Assert.Throws<RuleViolation>(() => A.Component().Describe(name, null, null, An.Instant));

    [Fact]
    public void It_is_in_use_since_it_was_made_or_since_a_day_that_somebody_says()
    {
        var component = A.Component();
        component.StartAt(An.Instant.AddYears(-3), An.Instant);
        Assert.Equal(An.Instant.AddYears(-3), component.StartedAt);
        Assert.Equal("StartedOn", Assert.Throws<RuleViolation>(() => component.StartAt(An.Instant.AddTicks(1), An.Instant)).Field);
        Assert.Throws<RuleViolation>(() => component.StartAt(DateTimeOffset.MinValue, An.Instant));
        Assert.Equal(An.Instant.AddYears(-3), component.StartedAt);
    }

    [Fact]
    public void An_archived_component_keeps_its_state_until_it_is_restored()
    {
        var component = A.Component();
        component.Archive(An.Instant);
        Assert.Throws<RuleViolation>(() => component.Set(ComponentStatus.MajorOutage, An.Instant));
        component.Restore(An.Instant);
        Assert.NotNull(component.Set(ComponentStatus.MajorOutage, An.Instant));
    }

    [Fact]
    public void The_worst_of_none_is_operational() => Assert.Equal(ComponentStatus.Operational, Array.Empty<ComponentStatus>().Worst());

    [Fact]
    public void Maintenance_ranks_below_trouble() =>
        Assert.Equal(
            ComponentStatus.DegradedPerformance,
            new[] { ComponentStatus.UnderMaintenance, ComponentStatus.DegradedPerformance, ComponentStatus.Operational }.Worst()
        );
}
