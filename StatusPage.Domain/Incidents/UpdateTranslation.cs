namespace StatusPage.Domain.Incidents;

/// <summary>What an update says in one more language. Readers of other languages get the text that was posted.</summary>
/// <param name="Language">Code of the language.</param>
/// <param name="Title">Title of the incident in this language; null leaves it as it is.</param>
public sealed record UpdateTranslation(string Language, string Body, string? ImpactSummary = null, string? TeamStatus = null, string? Title = null)
{
    internal UpdateTranslation Checked() =>
        new(
            Languages.Language.Checked(Language, nameof(UpdateContent.Translations)).Code,
            MarkdownRule.Block(
                Body,
                nameof(UpdateContent.Translations),
                $"what happened in {Languages.Language.Find(Language)!.Name}",
                UpdateContent.MaxBodyLength
            ),
            Text.OptionalLine(ImpactSummary, nameof(UpdateContent.Translations), "the impact", UpdateContent.MaxFactLength),
            Text.OptionalLine(TeamStatus, nameof(UpdateContent.Translations), "the team status", UpdateContent.MaxFactLength),
            Text.OptionalLine(Title, nameof(UpdateContent.Translations), "the title", Incident.MaxTitleLength)
        );

    /// <exception cref="RuleViolation">A language comes twice, or is not one of ours; something is too long.</exception>
    internal static IReadOnlyList<UpdateTranslation> Checked(IEnumerable<UpdateTranslation> translations)
    {
        List<UpdateTranslation> all = [.. translations.Select(translation => translation.Checked())];
        if (all.DistinctBy(translation => translation.Language).Count() < all.Count)
            throw new RuleViolation("Each language can be there once.", nameof(UpdateContent.Translations));
        return all;
    }
}
