using StatusPage.Domain;
using StatusPage.Domain.Components;

namespace StatusPage.Tests.Components;

/// <summary>A pasted list of components.</summary>
public sealed class ComponentListTests
{
    [Fact]
    public void Each_line_is_one_and_a_colon_puts_it_into_a_group()
    {
        Assert.Equal(
            [(null, "Website"), (null, "API"), ("Europe", "Checkout"), ("Europe", "Payments: cards")],
            ComponentList.Read("Website\r\n\n  - API\nEurope: Checkout\neurope:checkout\n* Europe :Payments: cards", "List")
        );
    }

    [Theory]
    [InlineData(" \n ", "one a line")]
    [InlineData("API\nEurope:", "Line 2: Enter a name behind the colon.")]
    [InlineData(": API", "Line 1: Enter a group before the colon.")]
    public void What_is_no_component_is_named_by_its_line(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<RuleViolation>(() => ComponentList.Read(text, "List")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_list_has_an_end() =>
        Assert.Contains(
            "more than 200",
            Assert.Throws<RuleViolation>(() => ComponentList.Read(string.Join('\n', Enumerable.Range(0, 201).Select(i => $"C{i}")), "List")).Message,
            StringComparison.Ordinal
        );
}
