using System.Text.Json;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Incidents;

namespace StatusPage.Tests.Alerts;

/// <summary>JSON of any shape, read as a mapping says.</summary>
public sealed class GenericTests
{
    private const string Body = """
        {"check":{"id":42,"name":"Checkout","state":"DOWN","level":"sev2","since":1795553100,"tags":["eu","api"],"ok":false},
        "links":[{"href":"https://monitor.example/42"}],"notes":["5xx above 5%"]}
        """;

    private static readonly GenericMapping Mapping = new()
    {
        Key = "$.check.id",
        Title = "$.check.name",
        Text = "$.notes[0]",
        Signal = "$.check['state']",
        Firing = ["down", "degraded"],
        Resolved = ["up"],
        Severity = "$.check.level",
        Link = "$.links[-1].href",
        At = "$.check.since",
        Fields = new Dictionary<string, string>
        {
            ["tags"] = "$.check.tags",
            ["ok"] = "$.check.ok",
            ["none"] = "$.nothing",
        },
    };

    private static AlertEvent Event(string body) => Sent.Event(AlertSourceKind.Generic, body, Mapping);

    private static string Broken(GenericMapping mapping) => Assert.Throws<RuleViolation>(mapping.Check).Message;

    [Fact]
    public void Every_part_is_read_where_the_mapping_says()
    {
        Mapping.Check();
        var alert = Event(Body);
        Assert.Equal(("42", AlertSignal.Firing, "Checkout", "5xx above 5%"), (alert.Key, alert.Signal, alert.Title, alert.Text));
        Assert.Equal((Severity.Sev2, "https://monitor.example/42"), (alert.SuggestedSeverity, alert.Link));
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 20, 45, 0, TimeSpan.Zero), alert.At);
        Assert.Equal(("eu, api", "false", 2), (alert.Fields["tags"], alert.Fields["ok"], alert.Fields.Count));
    }

    [Theory]
    [InlineData("Down", AlertSignal.Firing)]
    [InlineData(" degraded ", AlertSignal.Firing)]
    [InlineData("UP", AlertSignal.Resolved)]
    public void A_word_for_a_signal_is_understood_in_any_case(string word, AlertSignal signal) =>
        Assert.Equal(signal, Event(Body.Replace("DOWN", word, StringComparison.Ordinal)).Signal);

    [Fact]
    public void Another_word_is_not_used() =>
        Assert.Contains(
            "'paused' means neither firing nor resolved",
            Sent.Unused(AlertSourceKind.Generic, Body.Replace("DOWN", "paused", StringComparison.Ordinal), Mapping),
            StringComparison.Ordinal
        );

    [Fact]
    public void Without_words_for_firing_every_other_word_fires() =>
        Assert.Equal(
            AlertSignal.Firing,
            Sent.Event(AlertSourceKind.Generic, Body.Replace("DOWN", "red", StringComparison.Ordinal), Mapping with { Firing = [] }).Signal
        );

    [Fact]
    public void Without_a_signal_every_delivery_fires() =>
        Assert.Equal(AlertSignal.Firing, Sent.Event(AlertSourceKind.Generic, """{"check":{"id":1}}""", Mapping with { Signal = null }).Signal);

    [Fact]
    public void Without_a_title_the_key_is_shown() => Assert.Equal("1", Event("""{"check":{"id":1,"state":"down"}}""").Title);

    [Theory]
    [InlineData("{}", "There is no key at $.check.id")]
    [InlineData("""{"check":{"id":{}}}""", "There is no key at $.check.id")]
    [InlineData("""{"check":{"id":"$CHECK_ID"}}""", "There is no key at $.check.id")]
    [InlineData("""{"check":{"id":1}}""", "There is no signal at $.check['state']")]
    public void What_is_not_there_is_named(string body, string says) =>
        Assert.StartsWith(says, Sent.Refused(AlertSourceKind.Generic, body, Mapping), StringComparison.Ordinal);

    [Fact]
    public void Without_a_mapping_the_plain_shape_is_expected()
    {
        GenericMapping.Plain.Check();
        var alert = Sent.Event(
            AlertSourceKind.Generic,
            """{"key":"disk","title":"Disk is full","signal":"resolved","severity":"critical","at":"2026-11-24T20:45:00Z"}"""
        );
        Assert.Equal(("disk", AlertSignal.Resolved, "Disk is full", Severity.Sev1), (alert.Key, alert.Signal, alert.Title, alert.SuggestedSeverity));
    }

    [Fact]
    public void A_stored_path_that_cannot_be_read_leads_nowhere() =>
        Assert.StartsWith("There is no key at $$", Sent.Refused(AlertSourceKind.Generic, Body, Mapping with { Key = "$$" }), StringComparison.Ordinal);

    [Fact]
    public void A_mapping_is_kept_as_JSON()
    {
        var kept = JsonSerializer.Deserialize<GenericMapping>(JsonSerializer.Serialize(Mapping))!;
        kept.Check();
        Assert.Equal((Mapping.Key, Mapping.At), (kept.Key, kept.At));
        Assert.Equal(Mapping.Fields, kept.Fields);
        Assert.Equal(Mapping.Firing, kept.Firing);
    }

    [Fact]
    public void What_is_wrong_with_a_mapping_is_said_when_it_is_saved()
    {
        Assert.Equal("Enter the path of the key, such as $.alert.id.", Broken(Mapping with { Key = "" }));
        Assert.StartsWith("The path of the link cannot be read: character 3", Broken(Mapping with { Link = "$.*" }), StringComparison.Ordinal);
        Assert.StartsWith(
            "The path of the field 'tags' cannot be read: ",
            Broken(Mapping with { Fields = Field("tags", "tags") }),
            StringComparison.Ordinal
        );
        Assert.Equal("Enter the name of the field.", Broken(Mapping with { Fields = Field(" ", "$.a") }));
        Assert.Equal("Enter at least one word that means resolved.", Broken(Mapping with { Resolved = [] }));
        Assert.StartsWith("'up' cannot mean firing and resolved.", Broken(Mapping with { Firing = ["UP "] }), StringComparison.Ordinal);
        Assert.Equal("Enter a word that means firing.", Broken(Mapping with { Firing = [""] }));
        Assert.Equal("At most 20 words fit.", Broken(Mapping with { Resolved = [.. Enumerable.Range(0, 21).Select(i => $"w{i}")] }));
        (Mapping with { Text = "", Severity = null }).Check();

        static Dictionary<string, string> Field(string name, string path) => new() { [name] = path };
    }
}
