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
    public void A_taken_slug_gets_the_next_free_number() =>
        Assert.Equal("api-3", Component.FreeSlug("API", new HashSet<string> { "api", "api-2" }));

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
    public void Setting_a_state_returns_the_change()
    {
        var change = A.Component().Set(ComponentStatus.MajorOutage, An.Instant.AddHours(1));
        Assert.Equal((ComponentStatus.Operational, ComponentStatus.MajorOutage, An.Instant.AddHours(1)), (change!.From, change.To, change.At));
    }

    [Fact]
    public void Setting_the_state_it_has_is_no_change() => Assert.Null(A.Component().Set(ComponentStatus.Operational, An.Instant));

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
        Assert.Equal(ComponentStatus.DegradedPerformance, new[] { ComponentStatus.UnderMaintenance, ComponentStatus.DegradedPerformance, ComponentStatus.Operational }.Worst());
}
