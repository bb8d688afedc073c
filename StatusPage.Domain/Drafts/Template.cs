using System.Text.RegularExpressions;
using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Drafts;

/// <summary>A text prepared in quiet times for a bad moment. It may contain variables such as {{component}}.</summary>
public sealed partial class Template
{
    public const int MaxNameLength = 100;

    private Template() { }

    public TemplateId Id { get; private init; }
    public PageId PageId { get; private init; }
    public string Name { get; private set; } = "";

    /// <summary>Whether it opens an incident; otherwise it is for an update.</summary>
    public bool Opens { get; private set; }
    public Phase Phase { get; private set; }

    /// <summary>Null leaves it to the writer.</summary>
    public Severity? Severity { get; private set; }

    /// <summary>Title of the incident that it opens.</summary>
    public string? Title { get; private set; }
    public string Body { get; private set; } = "";
    public string? ImpactSummary { get; private set; }
    public string? TeamStatus { get; private set; }

    /// <summary>The components that it is made for; none: any.</summary>
    public IReadOnlyList<ComponentId> ComponentIds { get; private set; } = [];
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }

    public static Template Create(PageId page, DateTimeOffset now) =>
        new()
        {
            Id = TemplateId.New(),
            PageId = page,
            CreatedAt = now,
        };

    public Template Write(
        string? name,
        bool opens,
        Phase phase,
        Severity? severity,
        string? title,
        string? body,
        string? impact,
        string? team,
        IEnumerable<ComponentId> components,
        DateTimeOffset now
    )
    {
        Name = Text.Line(name, nameof(Name), "a name", MaxNameLength);
        Title = opens ? Text.OptionalLine(title, nameof(Title), "the title", Incident.MaxTitleLength) : null;
        Body = MarkdownRule.Block(body, nameof(Body), "what happened", UpdateContent.MaxBodyLength);
        ImpactSummary = Text.OptionalLine(impact, nameof(ImpactSummary), "the impact", UpdateContent.MaxFactLength);
        TeamStatus = Text.OptionalLine(team, nameof(TeamStatus), "the team status", UpdateContent.MaxFactLength);
        if (opens && phase.IsOver())
            throw new RuleViolation("A new incident is not resolved. Choose another phase.", nameof(Phase));
        (Opens, Phase, Severity, ComponentIds, UpdatedAt) = (opens, phase, opens ? severity : null, [.. components.Distinct()], now);
        return this;
    }

    /// <summary>Fills in the known variables. The others stay as they are, for the writer to fill in.</summary>
    public static string? Fill(string? text, IReadOnlyDictionary<string, string> values) =>
        text is null ? null : Variable().Replace(text, match => values.GetValueOrDefault(match.Groups[1].Value, match.Value));

    /// <summary>Names of the variables that are filled in automatically; the writer fills in every other.</summary>
    public static readonly string[] Known = ["component", "page", "incident", "severity", "time"];

    /// <summary>The first variable that nobody filled in; null when there is none.</summary>
    public static string? Unfilled(string? text) => text is not null && Variable().Match(text) is { Success: true } match ? match.Value : null;

    [GeneratedRegex(@"\{\{\s*([A-Za-z][A-Za-z0-9_ -]{0,40}?)\s*\}\}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Variable();
}
