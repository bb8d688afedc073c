using StatusPage.Domain;

namespace StatusPage.Tests;

public sealed class TextTests
{
    [Fact]
    public void A_line_is_trimmed() => Assert.Equal("a b", Text.Line("  a b\t", "Field", "a name", 10));

    [Fact]
    public void A_line_of_the_greatest_length_fits() => Assert.Equal(10, Text.Line(new string('x', 10), "Field", "a name", 10).Length);

    [Fact]
    public void A_longer_line_is_refused_with_both_lengths()
    {
        var violation = Assert.Throws<RuleViolation>(() => Text.Line(new string('x', 11), "Field", "a name", 10));
        Assert.Equal(("A name is 11 characters long; at most 10 fit.", "Field"), (violation.Message, violation.Field));
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    [InlineData("a\u001bb")]
    [InlineData("a\u0085b")]
    public void Control_characters_are_refused_in_a_line(string line) => Assert.Throws<RuleViolation>(() => Text.Line(line, "Field", "a name", 10));

    [Fact]
    public void Nothing_but_space_is_nothing() => Assert.Null(Text.OptionalLine(" \t\n ", "Field", "a name", 10));

    [Fact]
    public void A_block_has_the_same_line_ends_wherever_it_was_typed() => Assert.Equal("a\nb\nc", Text.Block("a\r\nb\rc", "Field", "the text", 10));

    [Fact]
    public void A_block_may_hold_tabs_but_no_other_control_characters()
    {
        Assert.Equal("a\tb", Text.Block("a\tb", "Field", "the text", 10));
        Assert.Throws<RuleViolation>(() => Text.Block("a\0b", "Field", "the text", 10));
    }

    [Theory]
    [InlineData("abcdefghij01", true)]
    [InlineData("abcdefghij0", false)]
    [InlineData("abcdefghij012", false)]
    [InlineData("ABCDEFGHIJ01", false)]
    [InlineData("abcdefghi-01", false)]
    [InlineData(null, false)]
    public void An_id_is_recognised_by_its_form(string? value, bool looks) => Assert.Equal(looks, PublicId.LooksLikeOne(value));

    [Theory]
    [InlineData("bad \uffff character")]
    [InlineData("bad \ufffe character")]
    [InlineData("\u202e\u200b")]
    public void What_feeds_cannot_carry_and_nobody_can_see_is_refused(string text)
    {
        Assert.Throws<RuleViolation>(() => Text.Line(text, "Title", "a title", 255));
        Assert.Throws<RuleViolation>(() => Text.Block(text, "Body", "what happened", 255));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused() =>
        Assert.Throws<RuleViolation>(() => Text.Line($"half a {(char)0xD800} pair", "Title", "a title", 255));
}
