using System.Collections.Concurrent;
using System.Globalization;
using System.Resources;
using StatusPage.Domain;
using StatusPage.Domain.Languages;

namespace StatusPage.Web.Languages;

/// <summary>
/// The texts of the public pages and of the desk in one language. The English text is its own key, so that code reads like the page; the translations
/// are in Words.CODE.resx (public pages and mails) and Desk.CODE.resx beside this file. A missing translation falls back to English.
/// </summary>
public sealed class Words
{
    private static readonly ResourceManager OfPage = new("StatusPage.Web.Languages.Words", typeof(Words).Assembly);
    private static readonly ResourceManager OfDesk = new("StatusPage.Web.Languages.Desk", typeof(Words).Assembly);
    private static readonly ConcurrentDictionary<Language, Words> Known = new();
    private readonly ConcurrentDictionary<string, string> _found = new(StringComparer.Ordinal);
    private readonly Func<string, string> _say;

    private Words(Language language, Func<string, string>? say = null)
    {
        Language = language;
        _say = say ?? (language == Language.English ? english => english : Translated);
        Culture = language == Language.English ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(language.Culture);
    }

    public static Words English { get; } = Of(Language.English);

    public Language Language { get; }

    /// <summary>The formats of dates and numbers.</summary>
    public CultureInfo Culture { get; }

    public static Words Of(Language language) => Known.GetOrAdd(language, static language => new(language));

    /// <param name="code">Null, or none of ours: English.</param>
    public static Words Of(string? code) => Of(Language.Find(code) ?? Language.English);

    /// <summary>English, as <paramref name="say"/> says it: shows what does not come by here.</summary>
    public static Words Told(Func<string, string> say) => new(Language.English, say);

    public string this[string english] => _say(english);

    private string Translated(string english) => _found.TryGetValue(english, out var known) ? known : Find(english);

    /// <summary>Fills in {0}, {1}.</summary>
    public string this[string english, params object?[] parts] => string.Format(Culture, this[english], parts);

    /// <summary>Says a sentence and those of its parts that are sentences.</summary>
    public string this[Sentence sentence] => sentence.Said(Culture, format => this[format]);

    /// <summary>A label within a sentence: "partial outage", but "Teilausfall".</summary>
    public string Within(string label)
    {
        var said = this[Sentence.Inner + label.ToLowerInvariant()];
        return said.StartsWith(Sentence.Inner, StringComparison.Ordinal) ? said[Sentence.Inner.Length..] : said;
    }

    /// <summary>The name of a text in the resources of the desk. Names ignore case, so that of a text in small letters begins with a line.</summary>
    public static string NameInDesk(string english) => english.Length > 0 && char.IsLower(english[0]) ? $"_{english}" : english;

    /// <summary>Texts without a translation are not cached: people's own texts come by here, too, and their number has no limit.</summary>
    private string Find(string english)
    {
        var culture = CultureInfo.GetCultureInfo(Language.Code);
        return (OfPage.GetString(english, culture) ?? OfDesk.GetString(NameInDesk(english), culture)) is { } found
            ? _found.GetOrAdd(english, found)
            : english;
    }

    /// <summary>For a number of things: the text for one, or the text for several, with {0} for the number.</summary>
    public string Count(int number, string one, string several) => number == 1 ? this[one] : this[several, number];
}
