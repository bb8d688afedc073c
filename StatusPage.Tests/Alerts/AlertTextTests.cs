using CsCheck;
using StatusPage.Domain.Alerts;

namespace StatusPage.Tests.Alerts;

/// <summary>How texts of strangers are cut and cleaned.</summary>
public sealed class AlertTextTests
{
    private const string Family = "👨‍👩‍👧‍👦";

    /// <summary>Words of several scripts, characters of several code points, and what is no text.</summary>
    private static readonly Gen<string> Texts = Gen.OneOf(
            "a",
            " ",
            "é",
            "e\u0301",
            "🔥",
            Family,
            "🇩🇪",
            "שלום",
            "\u202eمرحبا\u202c",
            "\n",
            "\0",
            "\u001b",
            "\ud83d",
            "\uffff"
        )
        .Array[0, 400]
        .Select(parts => string.Concat(parts));

    private static AlertEvent Event(string text) => new(text, AlertSignal.Firing, text, text);

    [Fact]
    public void Nothing_is_cut_inside_a_character() =>
        Texts.Sample(text =>
        {
            var whole = AlertText.Line(text, int.MaxValue);
            for (var max = 30; max < 40; max++)
            {
                var cut = AlertText.Line(text, max);
                Assert.True(cut.Length <= max);
                Assert.StartsWith(cut, whole, StringComparison.Ordinal);
                Assert.Equal(Domain.Text.Shown(cut, ""), cut);
                var starts = System.Globalization.StringInfo.ParseCombiningCharacters(whole);
                Assert.True(cut.Length == whole.Length || starts.Contains(cut.Length));
            }
        });

    [Theory]
    [InlineData(Family, 200)]
    [InlineData("🇩🇪", 200)]
    [InlineData("e\u0301", 201)]
    [InlineData("שָׁ", 200)]
    public void A_title_ends_with_a_whole_character(string character, int before)
    {
        var room = before - character.Length + 1;
        var title = Event(new string('x', room) + character + character).Title;
        Assert.Equal(new string('x', Math.Min(room, AlertText.MaxTitle)), title);
    }

    [Fact]
    public void One_character_that_is_longer_than_all_the_room_is_cut_within()
    {
        var zalgo = "a" + new string('\u0301', 100_000);
        Assert.Equal((AlertText.MaxTitle, AlertText.MaxText), (Event(zalgo).Title.Length, Event(zalgo).Text.Length));
    }

    [Fact]
    public void Right_to_left_stays_right_to_left() => Assert.Equal("خطأ في الخادم", Event("خطأ\tفي\nالخادم ").Title);

    [Fact]
    public void What_cannot_be_shown_is_left_out()
    {
        var alert = Event("a\0b\ud83dc\r\nd\u001b\uffff");
        Assert.Equal(("abc d", "abc\nd"), (alert.Title, alert.Text));
        Assert.Equal("", Event("\u200b\u202e \u00ad").Text);
    }

    [Fact]
    public void Two_long_keys_stay_different()
    {
        var (one, other) = (new string('k', 100_000) + "1", new string('k', 100_000) + "2");
        Assert.Equal((AlertText.MaxKey, AlertText.MaxKey), (Event(one).Key.Length, Event(other).Key.Length));
        Assert.NotEqual(Event(one).Key, Event(other).Key);
        Assert.Equal(Event(one).Key, Event(one).Key);
    }

    [Theory]
    [InlineData("a\nb", "ab")]
    [InlineData("a b", "a  b")]
    [InlineData("a\0", "a")]
    [InlineData(" a", "a")]
    public void Two_keys_that_look_alike_stay_different(string one, string other) => Assert.NotEqual(Event(one).Key, Event(other).Key);

    [Fact]
    public void Two_keys_of_half_a_pair_stay_different() => Assert.NotEqual(Event("\ud83d").Key, Event("\ud83c").Key);

    [Fact]
    public void A_key_that_fits_stays_as_it_is_and_a_made_one_stays_the_same()
    {
        var fits = new string('k', AlertText.MaxKey);
        Assert.Equal(fits, Event(fits).Key);
        Texts.Sample(text => Assert.Equal(AlertText.Key(text), AlertText.Key(AlertText.Key(text))));
    }

    [Theory]
    [InlineData("https://a.example/x?y=1#z", true)]
    [InlineData(" http://am:9093 ", true)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("/relative", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("https://a.example/a b", false)]
    [InlineData("https://a.example/a\nb", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_link_leads_to_the_web_or_is_none(string? link, bool leads) => Assert.Equal(leads ? link!.Trim() : null, AlertText.Link(link));

    [Fact]
    public void Fields_are_cleaned_and_those_without_words_are_left_out()
    {
        var alert = Event("k") with
        {
            Fields = new Dictionary<string, string>
            {
                ["a\0"] = " one\ntwo ",
                ["a"] = "the first counts",
                ["blank"] = "\u200b",
                [new string('n', 200)] = new string('v', 1_000),
            },
        };
        Assert.Equal(["a", new string('n', AlertText.MaxName)], alert.Fields.Keys);
        Assert.Equal(("one two", AlertText.MaxValue), (alert.Fields["a"], alert.Fields[new string('n', AlertText.MaxName)].Length));
    }

    [Fact]
    public void An_instant_of_another_age_is_none()
    {
        Assert.Null((Event("k") with { At = DateTimeOffset.MinValue }).At);
        Assert.Equal(An.Instant, (Event("k") with { At = An.Instant.ToOffset(TimeSpan.FromHours(9)) }).At);
    }
}
