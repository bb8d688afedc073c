using StatusPage.Domain.Channels;

namespace StatusPage.Tests.Channels;

/// <summary>How networks count characters.</summary>
public sealed class WeightedTextTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("e\u0301", 1)]
    [InlineData("日本語", 6)]
    [InlineData("…", 2)]
    [InlineData("—", 1)]
    [InlineData("😀", 2)]
    [InlineData("👨‍👩‍👧‍👦", 2)]
    [InlineData("👍🏽", 2)]
    [InlineData("🇩🇪", 2)]
    [InlineData("1️⃣", 2)]
    [InlineData("❤️", 2)]
    [InlineData("क्\u200Dष", 4)]
    [InlineData("https://example.com/a/very/long/path/that/goes/on/and/on?and=on", 23)]
    [InlineData("see http://a.io.", 28)]
    [InlineData("https://a.io https://b.io", 47)]
    [InlineData("example.com", 23)]
    [InlineData("ann@example.com", 15)]
    [InlineData("v1.2 of 3.5", 11)]
    public void X_counts_by_weight(string text, int weight) => Assert.Equal(weight, WeightedText.OnX(text));

    [Theory]
    [InlineData("日本語", 3)]
    [InlineData("👨‍👩‍👧‍👦!", 2)]
    [InlineData("https://example.com/a/very/long/path/that/goes/on", 23)]
    public void Mastodon_counts_graphemes_and_links(string text, int length) => Assert.Equal(length, WeightedText.OnMastodon(text));

    [Theory]
    [InlineData("👨‍👩‍👧‍👦é", 3)]
    [InlineData("https://a.io", 12)]
    [InlineData("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 5)]
    public void Bluesky_counts_graphemes_and_bytes(string text, int length) => Assert.Equal(length, WeightedText.OnBluesky(text));
}

/// <summary>What stays in a short post, and what is left out.</summary>
public sealed class PostTextTests
{
    private const string Link = "https://status.example.com/incidents/abcdefghijkl";

    private static PostText Post(string body, string title = "Elevated error rates on our API", string? impact = "~15% of requests failing") =>
        new("Investigating", title, body, impact, "3:15 PM PST", Link);

    [Fact]
    public void A_short_update_stands_there_whole() =>
        Assert.Equal(
            "[Investigating] Elevated error rates on our API — We are investigating. Impact: ~15% of requests failing. "
                + $"Next update by 3:15 PM PST. {Link}",
            Post("We are\ninvestigating.").Write(WeightedText.XLimit, WeightedText.OnX)
        );

    public static TheoryData<string, int, string> Cases() =>
        new(
            from body in new[]
            {
                "short",
                string.Join(' ', Enumerable.Repeat("words", 400)),
                new string('x', 3000),
                string.Concat(Enumerable.Repeat("日本語です。", 200)),
                string.Concat(Enumerable.Repeat("👨‍👩‍👧‍👦 ", 300)),
                string.Join(' ', Enumerable.Repeat("https://a.example/x", 60)),
            }
            from title in new[] { "T", new string('t', 255) }
            from network in new[] { "x", "mastodon", "bluesky" }
            select (body, title.Length, network)
        );

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_update_fits_with_its_link_whole(string body, int title, string network)
    {
        var (limit, measure) = network switch
        {
            "x" => (WeightedText.XLimit, (Func<string, int>)WeightedText.OnX),
            "mastodon" => (WeightedText.MastodonLimit, WeightedText.OnMastodon),
            _ => (WeightedText.BlueskyLimit, WeightedText.OnBluesky),
        };
        var text = Post(body, new string('t', title), new string('i', title)).Write(limit, measure);
        Assert.InRange(measure(text), 1, limit);
        Assert.True(network != "bluesky" || System.Text.Encoding.UTF8.GetByteCount(text) <= 3000);
        Assert.EndsWith(" " + Link, text, StringComparison.Ordinal);
        Assert.StartsWith("[Investigating] t", text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_emoji_is_torn_apart()
    {
        const string family = "👨‍👩‍👧‍👦";
        var text = Post(string.Concat(Enumerable.Repeat(family, 300))).Write(WeightedText.BlueskyLimit, WeightedText.OnBluesky);
        Assert.Contains($"— {family}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\u200d", text.Replace(family, "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void The_body_gives_way_first_and_at_the_end_of_a_word()
    {
        var text = Post(string.Join(' ', Enumerable.Repeat("words", 100))).Write(WeightedText.XLimit, WeightedText.OnX);
        Assert.Contains("words… Impact: ~15% of requests failing. Next update by 3:15 PM PST.", text, StringComparison.Ordinal);
    }
}
