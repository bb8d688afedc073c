using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Postmortems;

/// <summary>How times read in a postmortem; zones belong to the program.</summary>
/// <param name="Time">10:00; on another day than the beginning with its date.</param>
/// <param name="Date">Jan 15.</param>
/// <param name="Lasting">45 minutes.</param>
public sealed record PostmortemWords(Func<DateTimeOffset, string> Time, Func<DateOnly, string> Date, Func<TimeSpan, string> Lasting);

/// <summary>A piece of a postmortem that the public gets or does not get.</summary>
/// <param name="Key">Of the heading and the text: other words, another key.</param>
/// <param name="IsItem">Whether it is an item of a list that goes on with the next one.</param>
public sealed record PostmortemBlock(string Key, string Heading, string Markdown, bool IsItem)
{
    public static PostmortemBlock Of(string heading, string markdown, bool isItem) =>
        new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{heading}\n{markdown}")).AsSpan(0, 8)), heading, markdown, isItem);
}

/// <summary>Writes a postmortem in the form of the incident management guide.</summary>
public sealed class PostmortemMarkdown(Postmortem postmortem, Incident incident, IReadOnlyList<ActionItem> items, PostmortemWords words)
{
    public const string Title = "Incident Post-Mortem";

    /// <summary>A text that a program wrote, with the action items below.</summary>
    public static string WithItems(string body, IReadOnlyList<ActionItem> items, PostmortemWords words)
    {
        var tasks = items.Where(item => item.State != ActionItemState.Dropped).Select(item => Task(item, words)).ToList();
        return tasks.Count == 0 ? body : $"{body}\n\n## Action Items\n\n{string.Join('\n', tasks)}";
    }

    /// <summary>All of it, for the team.</summary>
    public string Whole()
    {
        var parts = new List<string> { $"# {Title}" };
        foreach (var section in postmortem.Sections)
        {
            parts.Add($"## {section.Heading}");
            var lines = Lines(section.Kind, isPublic: false).ToList();
            if (lines.Count > 0)
                parts.Add(string.Join('\n', lines));
            if (section.Body.Length > 0)
                parts.Add(section.Body);
        }
        return string.Join("\n\n", parts);
    }

    /// <summary>What can be chosen for the public, in its order. Owners of action items are not among it.</summary>
    public IReadOnlyList<PostmortemBlock> Blocks() =>
        [
            .. postmortem.Sections.SelectMany(section =>
                Lines(section.Kind, isPublic: true)
                    .Select(line => PostmortemBlock.Of(section.Heading, line, isItem: true))
                    .Concat(MarkdownBlocks.Of(section.Body).Select(block => PostmortemBlock.Of(section.Heading, block, isItem: false)))
            ),
        ];

    /// <summary>The chosen blocks under their headings; empty when none is chosen.</summary>
    public string Public()
    {
        var text = new StringBuilder();
        PostmortemBlock? before = null;
        foreach (var block in Blocks().Where(block => postmortem.Chosen.Contains(block.Key)))
        {
            if (before is not null)
                text.Append(before.Heading == block.Heading && before.IsItem && block.IsItem ? "\n" : "\n\n");
            if (before?.Heading != block.Heading)
                text.Append(CultureInfo.InvariantCulture, $"## {block.Heading}\n\n");
            text.Append(block.Markdown);
            before = block;
        }
        return text.ToString();
    }

    /// <summary>What the program knows of a section: facts, moments, action items.</summary>
    private IEnumerable<string> Lines(PostmortemKind kind, bool isPublic) =>
        kind switch
        {
            PostmortemKind.Impact => Facts(),
            PostmortemKind.Timeline => postmortem.Timeline.Where(entry => entry.IsIn).Select(entry => $"- {words.Time(entry.At)} {Escaped(entry.Text)}"),
            PostmortemKind.ActionItems => items
                .Where(item => item.State != ActionItemState.Dropped)
                .Select(item => isPublic ? Told(item) : Task(item, words)),
            _ => [],
        };

    private IEnumerable<string> Facts()
    {
        if (postmortem.UsersAffected is { } users)
            yield return string.Create(CultureInfo.InvariantCulture, $"- Users affected: {users:N0}");
        if (incident.ResolvedAt is { } end)
            yield return $"- Duration: {words.Lasting(end - incident.StartedAt)}";
        if (postmortem.Revenue is { } revenue)
            yield return $"- Revenue impact: {Escaped(revenue)}";
    }

    /// <summary>- [ ] Add alert for X (Owner: Alice, Due: Jan 15)</summary>
    private static string Task(ActionItem item, PostmortemWords words)
    {
        var facts = new List<string>();
        if (item.Owner is { } owner)
            facts.Add($"Owner: {Escaped(owner)}");
        if (item.DueOn is { } due)
            facts.Add($"Due: {words.Date(due)}");
        return $"- [{(item.State == ActionItemState.Done ? 'x' : ' ')}] {Escaped(item.Title)}{(facts.Count == 0 ? "" : $" ({string.Join(", ", facts)})")}";
    }

    private static string Told(ActionItem item) => $"- {Escaped(item.Title)}{(item.State == ActionItemState.Done ? " (done)" : "")}";

    /// <summary>A line of plain text; what would begin HTML or emphasis is shown as it was typed.</summary>
    private static string Escaped(string line)
    {
        var text = new StringBuilder(line.Length);
        foreach (var c in line)
            text.Append(c is '\\' or '`' or '*' or '_' or '<' or '[' or ']' or '&' ? $"\\{c}" : c.ToString());
        return text.ToString();
    }
}
