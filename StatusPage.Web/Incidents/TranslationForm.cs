using StatusPage.Domain.Incidents;
using StatusPage.Domain.Languages;

namespace StatusPage.Web.Incidents;

/// <summary>What is typed for one more language. Without a text there is no translation.</summary>
public sealed class TranslationForm
{
    public string? Title { get; set; }
    public string? Body { get; set; }
    public string? ImpactSummary { get; set; }
    public string? TeamStatus { get; set; }

    public bool IsEmpty =>
        string.IsNullOrWhiteSpace(Body)
        && string.IsNullOrWhiteSpace(Title)
        && string.IsNullOrWhiteSpace(ImpactSummary)
        && string.IsNullOrWhiteSpace(TeamStatus);

    public static Dictionary<string, TranslationForm> Of(IEnumerable<UpdateTranslation> translations) =>
        translations.ToDictionary(
            words => words.Language,
            words => new TranslationForm
            {
                Title = words.Title,
                Body = words.Body,
                ImpactSummary = words.ImpactSummary,
                TeamStatus = words.TeamStatus,
            }
        );

    /// <summary>In the order of the languages, so that two forms that say the same are the same.</summary>
    public static Dictionary<string, TranslationForm> Tidied(IReadOnlyDictionary<string, TranslationForm> forms) =>
        forms
            .Where(form => !form.Value.IsEmpty)
            .OrderBy(form => form.Key, StringComparer.Ordinal)
            .ToDictionary(
                form => form.Key,
                form => new TranslationForm
                {
                    Title = form.Value.Title,
                    Body = form.Value.Body?.ReplaceLineEndings("\n"),
                    ImpactSummary = form.Value.ImpactSummary,
                    TeamStatus = form.Value.TeamStatus,
                }
            );

    public static IReadOnlyList<UpdateTranslation> Read(IReadOnlyDictionary<string, TranslationForm> forms) =>
        [
            .. forms
                .Where(form => !form.Value.IsEmpty)
                .Select(form => new UpdateTranslation(form.Key, form.Value.Body ?? "", form.Value.ImpactSummary, form.Value.TeamStatus, form.Value.Title)),
        ];
}

/// <param name="Prefix">Before the name of each field.</param>
/// <param name="Own">The language that the update itself is written in.</param>
public sealed record TranslationFields(string Prefix, Language Own, IReadOnlyDictionary<string, TranslationForm> Forms);
