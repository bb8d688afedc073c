using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Web.Data;

namespace StatusPage.Web.Alerts;

/// <param name="Gone">Why it cannot be chosen any more, such as "closed"; null when it can.</param>
public sealed record RuleChoice(string Id, string Name, string? Gone = null);

/// <summary>
/// One list of a rule's form. What the rule has and is gone stays in it until something else is chosen: a rule for a group that was closed must not become
/// one for everybody, because the form knew no better.
/// </summary>
/// <param name="What">"source"</param>
public sealed record RuleChoiceList(string What, IReadOnlyList<RuleChoice> All)
{
    /// <summary>Null when nothing is chosen.</summary>
    /// <exception cref="RuleViolation">What is chosen is gone, or was never there.</exception>
    public string? Of(string? id, string field)
    {
        if (string.IsNullOrEmpty(id))
            return null;
        return All.FirstOrDefault(choice => choice.Id == id) switch
        {
            null => throw new RuleViolation($"There is no {(Sentence)What} '{Text.Cut(id, 50)}'. Choose another one.", field),
            { Gone: { } gone } choice => throw new RuleViolation(
                $"The {(Sentence)What} '{choice.Name}' is {(Sentence)gone}. Choose anew; until then, the rule stays as it is.",
                field
            ),
            _ => id,
        };
    }

    public int PlaceOf(string id) => All.Index().FirstOrDefault(choice => choice.Item.Id == id, (All.Count, default!)).Index;
}

public sealed record RuleChoices(RuleChoiceList Sources, RuleChoiceList Components, RuleChoiceList Templates, RuleChoiceList Audiences)
{
    private const string Removed = "removed";

    public static async Task<RuleChoices> ReadAsync(
        StatusDb db,
        PageId page,
        IReadOnlyList<AlertSource> sources,
        AlertRule? rule,
        CancellationToken cancel
    )
    {
        var components = await db
            .Components.AsNoTracking()
            .Where(row => row.PageId == page)
            .OrderBy(row => row.Position)
            .Select(row => new RuleChoice(row.Id.Value, row.Name, row.ArchivedAt == null ? null : "archived"))
            .ToListAsync(cancel);
        var templates = await db
            .Templates.AsNoTracking()
            .Where(row => row.PageId == page)
            .OrderBy(row => row.Name)
            .Select(row => new RuleChoice(row.Id.Value, row.Name, row.Opens ? null : "no longer one that opens an incident"))
            .ToListAsync(cancel);
        var audiences = await db
            .Audiences.AsNoTracking()
            .Where(row => row.PageId == page)
            .OrderBy(row => row.Name)
            .Select(row => new RuleChoice(row.Id.Value, row.Name, row.ClosedAt == null ? null : "closed"))
            .ToListAsync(cancel);
        return new(
            List("source", [.. sources.Select(row => new RuleChoice(row.Id.Value, row.Name))], rule?.SourceId?.Value),
            List("component", components, [.. rule?.Components.Select(row => row.Id.Value) ?? []]),
            List("template", templates, rule?.TemplateId?.Value),
            List("group", audiences, rule?.AudienceId?.Value)
        );
    }

    private static RuleChoiceList List(string what, List<RuleChoice> all, params IReadOnlyList<string?> had) =>
        new(
            what,
            [
                .. all.Where(choice => choice.Gone is null || had.Contains(choice.Id)),
                .. had.OfType<string>().Where(id => !all.Exists(choice => choice.Id == id)).Select(id => new RuleChoice(id, id, Removed)),
            ]
        );
}
