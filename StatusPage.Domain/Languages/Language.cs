namespace StatusPage.Domain.Languages;

/// <summary>A language of the page, its feeds and its mails.</summary>
/// <param name="Code">The first segment of its addresses and the value of the lang attribute (BCP 47): "de".</param>
/// <param name="Culture">Name of the .NET culture that writes its dates and numbers.</param>
/// <param name="Name">Its name in the language itself.</param>
public sealed record Language(string Code, string Culture, string Name, bool IsRightToLeft = false)
{
    public static readonly Language English = new("en", "en-US", "English");

    /// <summary>In the order in which the page offers them.</summary>
    public static readonly IReadOnlyList<Language> All =
    [
        English,
        new("de", "de-DE", "Deutsch"),
        new("fr", "fr-FR", "Français"),
        new("es", "es-ES", "Español"),
        new("pt", "pt-BR", "Português"),
        new("ja", "ja-JP", "日本語"),
        new("zh", "zh-CN", "简体中文"),
        new("ar", "ar-EG", "العربية", IsRightToLeft: true),
    ];

    private static readonly Dictionary<string, Language> ByCode = All.ToDictionary(language => language.Code, StringComparer.OrdinalIgnoreCase);

    /// <summary>Null when it is not one of ours.</summary>
    public static Language? Find(string? code) => code is null ? null : ByCode.GetValueOrDefault(code);

    /// <summary>The same without copying the code.</summary>
    public static Language? Find(ReadOnlySpan<char> code) =>
        ByCode.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(code, out var language) ? language : null;

    /// <exception cref="RuleViolation">It is not one of ours.</exception>
    public static Language Checked(string? code, string field) =>
        Find(code)
        ?? throw new RuleViolation(
            $"'{code}' is not a language of the page. Choose one of {string.Join(", ", All.Select(language => language.Code))}.",
            field
        );

    /// <summary>
    /// The language of ours that a reader with this Accept-Language header (RFC 9110, section 12.5.4) likes best; null when the header names none of them.
    /// A region counts for its language: "pt-PT" gets "pt".
    /// </summary>
    public static Language? Preferred(ReadOnlySpan<char> header)
    {
        Language? best = null;
        var weight = 0.0;
        foreach (var range in header.Split(','))
        {
            var item = header[range].Trim();
            var semicolon = item.IndexOf(';');
            var tag = (semicolon < 0 ? item : item[..semicolon]).TrimEnd();
            var dash = tag.IndexOf('-');
            if (Find(dash < 0 ? tag : tag[..dash]) is not { } language)
                continue;
            var its = semicolon < 0 ? 1 : WeightOf(item[(semicolon + 1)..]);
            if (its > weight)
                (best, weight) = (language, its);
        }
        return best;
    }

    private static double WeightOf(ReadOnlySpan<char> parameter)
    {
        parameter = parameter.Trim();
        return
            parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            && double.TryParse(
                parameter[2..],
                System.Globalization.NumberStyles.AllowDecimalPoint,
                System.Globalization.CultureInfo.InvariantCulture,
                out var weight
            )
            ? weight
            : 0;
    }
}
