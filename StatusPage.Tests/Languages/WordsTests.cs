using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using StatusPage.Domain.Languages;
using StatusPage.Tests.Host;
using StatusPage.Web.Languages;

namespace StatusPage.Tests.Languages;

/// <summary>Readers of another language see no English.</summary>
public sealed partial class WordsTests
{
    /// <summary>Of the public pages and mails, and of the desk.</summary>
    private static readonly string[] Sets = ["Words", "Desk"];

    public static TheoryData<string> Others => [.. Language.All.Where(language => language != Language.English).Select(language => language.Code)];

    private static Dictionary<string, string> Of(string culture) => Sets.SelectMany(set => Of(set, culture)).ToDictionary(StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, string>> Of(string set, string culture) =>
        new ResourceManager($"StatusPage.Web.Languages.{set}", typeof(Words).Assembly)
            .GetResourceSet(CultureInfo.GetCultureInfo(culture), true, tryParents: false)!
            .Cast<System.Collections.DictionaryEntry>()
            .Select(entry => KeyValuePair.Create(set == "Desk" ? ((string)entry.Key).TrimStart('_') : (string)entry.Key, (string)entry.Value!));

    [Theory]
    [MemberData(nameof(Others))]
    public void A_language_has_every_word_with_its_places(string code)
    {
        var (english, other) = (Of(""), Of(code));
        Assert.Empty(english.Keys.Except(other.Keys));
        Assert.Empty(other.Keys.Except(english.Keys));
        Assert.All(
            other,
            word =>
            {
                Assert.False(string.IsNullOrWhiteSpace(word.Value), word.Key);
                Assert.Equal(Places(word.Key), Places(word.Value));
            }
        );
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Its_dates_are_written_in_its_order(string code)
    {
        var words = Words.Of(Language.Find(code)!);
        var now = new DateTimeOffset(2026, 11, 24, 23, 15, 0, TimeSpan.Zero);
        var written = Web.Shared.ZoneClock.For("America/Los_Angeles", now, words).DateAndTime(now);
        Assert.EndsWith("PST", written, StringComparison.Ordinal);
        Assert.Contains("24", written, StringComparison.Ordinal);
        Assert.DoesNotContain("Nov 24,", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_said_in_the_source_is_in_the_resources_and_nothing_else()
    {
        var source = SaidInSource.Read();
        var said = Directory
            .EnumerateFiles(Path.Combine(Source.Root, "themes"), "*.liquid", SearchOption.AllDirectories)
            .SelectMany(file => SaidInMail().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value)
            .Concat(source.Keys)
            .ToHashSet(StringComparer.Ordinal);
        Assert.True(said.Count > 150, "Fewer sentences were found than there are: the pattern does not fit the source any more.");
        var ofDesk = said.Except(Of("Words", "").Select(word => word.Key)).Order(StringComparer.Ordinal).ToList();
        if (Environment.GetEnvironmentVariable("WRITE_WORDS") == "1")
            DeskResources.Write(ofDesk);
        Assert.Empty(source.Glued);
        Assert.Equal(ofDesk, Of("Desk", "").Select(word => word.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_state_and_phase_has_a_word()
    {
        var known = Of("").Keys.ToHashSet(StringComparer.Ordinal);
        foreach (var status in Domain.Components.ComponentStatuses.All)
        {
            Assert.Contains(Domain.Components.ComponentStatuses.Label(status), known);
            Assert.Contains("… " + Domain.Components.ComponentStatuses.Label(status).ToLowerInvariant(), known);
        }
        foreach (var phase in Enum.GetValues<Domain.Incidents.Phase>())
            Assert.Contains(Domain.Incidents.Phases.Label(phase), known);
        foreach (var phase in Enum.GetValues<Domain.Maintenances.MaintenancePhase>())
            Assert.Contains(Domain.Maintenances.MaintenancePhases.Label(phase), known);
    }

    [Theory]
    [InlineData("de", "de")]
    [InlineData("de-CH, en;q=0.5", "de")]
    [InlineData("en-US,en;q=0.9,fr;q=0.95", "en")]
    [InlineData("nl, pt-PT;q=0.4, ja;q=0.6", "ja")]
    [InlineData("zh-Hant-TW", "zh")]
    [InlineData("fr;q=0, es;q=0.1", "es")]
    [InlineData("FR", "fr")]
    [InlineData("nl, da", null)]
    [InlineData("*", null)]
    [InlineData("de;q=abc", null)]
    [InlineData(";;,,-", null)]
    public void The_best_liked_language_is_chosen(string header, string? code) => Assert.Equal(code, Language.Preferred(header)?.Code);

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\{\d")]
    private static partial Regex Place();

    [GeneratedRegex("""\{\{ "([^"]+)" \| say""")]
    private static partial Regex SaidInMail();
}
