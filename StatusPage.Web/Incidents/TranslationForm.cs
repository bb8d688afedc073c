using StatusPage.Domain.Incidents;
using StatusPage.Domain.Languages;

namespace StatusPage.Web.Incidents;

/// <summary>The input for one other language. Without a text there is no translation.</summary>
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

    /// <summary>In the order of the languages, so that forms with the same content are equal.</summary>
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

/// <param name="Prefix">The prefix of each field's name.</param>
/// <param name="Own">The language of the update itself.</param>
public sealed record TranslationFields(string Prefix, Language Own, IReadOnlyDictionary<string, TranslationForm> Forms);
