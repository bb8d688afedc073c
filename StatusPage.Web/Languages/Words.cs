using System.Collections.Concurrent;
using System.Globalization;
using System.Resources;
using StatusPage.Domain.Languages;

namespace StatusPage.Web.Languages;

/// <summary>
/// What the public reads, in one language. The English text is its own key, so that a page reads as what it says; the others lie in Words.CODE.resx
/// beside this file. What a language lacks is said in English.
/// </summary>
public sealed class Words
{
    private static readonly ResourceManager Resources = new("StatusPage.Web.Languages.Words", typeof(Words).Assembly);
    private static readonly ConcurrentDictionary<Language, Words> Known = new();
    private readonly ConcurrentDictionary<string, string> _found = new(StringComparer.Ordinal);

    private Words(Language language)
    {
        Language = language;
        Culture = language == Language.English ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(language.Culture);
    }

    public static Words English { get; } = Of(Language.English);

    public Language Language { get; }

    /// <summary>How it writes dates and numbers.</summary>
    public CultureInfo Culture { get; }

    public static Words Of(Language language) => Known.GetOrAdd(language, static language => new(language));

    public string this[string english] =>
        Language == Language.English ? english
        : _found.TryGetValue(english, out var known) ? known
        : Find(english);

    /// <summary>With what stands in place of {0}, {1}.</summary>
    public string this[string english, params object?[] parts] => string.Format(Culture, this[english], parts);

    /// <summary>A label inside of a sentence: "partial outage", but "Teilausfall". Keys of resources do not tell capitals apart, so theirs begin with "… ".</summary>
    public string Within(string label)
    {
        var small = label.ToLowerInvariant();
        return Language == Language.English ? small : this[$"… {small}"];
    }

    /// <summary>What has no translation is not kept: people's own words come by here, too, and there is no end of those.</summary>
    private string Find(string english) =>
        Resources.GetString(english, CultureInfo.GetCultureInfo(Language.Code)) is { } found ? _found.GetOrAdd(english, found) : english;

    /// <summary>For a number of things: one, or several with {0} for how many.</summary>
    public string Count(int number, string one, string several) => number == 1 ? this[one] : this[several, number];
}
