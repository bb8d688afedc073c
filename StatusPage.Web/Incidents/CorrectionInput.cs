using System.Text.Json;
using System.Text.Json.Serialization;

namespace StatusPage.Web.Incidents;

/// <summary>The input for correcting or translating an update, as a draft keeps it. Fields that are not used are null.</summary>
public sealed record CorrectionInput(
    string? Body,
    string? ImpactSummary,
    string? TeamStatus,
    IReadOnlyDictionary<string, string?>? Wordings,
    bool Tells,
    IReadOnlyDictionary<string, TranslationForm>? Translations
)
{
    [JsonIgnore]
    public bool Translates => Translations is not null;

    public static CorrectionInput Correction(string? body, string? impact, string? team, IReadOnlyDictionary<string, string?> wordings, bool tells) =>
        new(
            body?.ReplaceLineEndings("\n"),
            impact,
            team,
            wordings
                .OrderBy(wording => wording.Key, StringComparer.Ordinal)
                .ToDictionary(wording => wording.Key, wording => wording.Value?.ReplaceLineEndings("\n")),
            tells,
            null
        );

    public static CorrectionInput Translation(IReadOnlyDictionary<string, TranslationForm> translations) =>
        new(null, null, null, null, false, TranslationForm.Tidied(translations));

    public string Write() => JsonSerializer.Serialize(this);

    public static CorrectionInput Read(string content) => JsonSerializer.Deserialize<CorrectionInput>(content)!;
}
