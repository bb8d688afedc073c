using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Postmortems;

/// <summary>How times read in a postmortem; zones belong to the program.</summary>
/// <param name="Time">10:00; on another day than the beginning with its date.</param>
/// <param name="Date">Jan 15.</param>
/// <param name="Lasting">45 minutes.</param>
/// <param name="Closed">A text in Markdown with an end for all that it leaves open, so that what follows reads as it would without it.</param>
public sealed record PostmortemWords(
    Func<DateTimeOffset, string> Time,
    Func<DateOnly, string> Date,
    Func<TimeSpan, string> Lasting,
    Func<string, string> Closed
);

/// <summary>A piece of a postmortem that the public gets or does not get.</summary>
/// <param name="Key">Of the heading and the text: other words, another key.</param>
/// <param name="IsItem">Whether it is an item of a list that goes on with the next one.</param>
public sealed record PostmortemBlock(string Key, string Heading, string Markdown, bool IsItem)
{
    /// <summary>What the public gets of it: the Markdown, closed.</summary>
    public string Published { get; init; } = Markdown;

    /// <summary>Whether it tells an action item, which is written apart from the postmortem's text.</summary>
    public bool IsActionItem { get; init; }

    /// <summary>Who wrote the action item, as far as it is known.</summary>
    public string? Writer { get; init; }

    public static PostmortemBlock Of(string heading, string markdown, bool isItem) =>
        new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{heading}\n{markdown}")).AsSpan(0, 8)), heading, markdown, isItem);
}

/// <summary>Writes a postmortem in the form of the incident management guide.</summary>
public sealed class PostmortemMarkdown(Postmortem postmortem, Incident incident, IReadOnlyList<ActionItem> items, PostmortemWords words)
{
    public const string Title = "Incident Post-Mortem";

    private IReadOnlyList<PostmortemBlock>? _blocks;

    /// <summary>A text that a program wrote, and the action items, each to be read by itself.</summary>
    public static IReadOnlyList<string> WithItems(string body, IReadOnlyList<ActionItem> items, PostmortemWords words)
    {
        var tasks = items.Where(item => item.State != ActionItemState.Dropped).Select(item => Task(item, words)).ToList();
        return tasks.Count == 0 ? [body] : [body, $"## Action Items\n\n{string.Join('\n', tasks)}"];
    }

    /// <summary>Parts as one text, in which none takes in what follows.</summary>
    public static string Joined(IEnumerable<string> parts, PostmortemWords words) => string.Join("\n\n", parts.Select(words.Closed));

    /// <summary>All of it, for the team.</summary>
    public string Whole() => Joined(Parts(), words);

    /// <summary>All of it, a part for each section. Each is to be read by itself, as what one leaves open is no business of the next.</summary>
    public IReadOnlyList<string> Parts()
    {
        var parts = new List<string> { $"# {Title}" };
        foreach (var section in postmortem.Sections)
        {
            var part = new List<string> { HeadingOf(section.Heading) };
            var lines = Lines(section.Kind).Select(line => line.Internal).ToList();
            if (lines.Count > 0)
                part.Add(string.Join('\n', lines));
            if (section.Body.Length > 0)
                part.Add(section.Body);
            parts.Add(string.Join("\n\n", part));
        }
        return parts;
    }

    /// <summary>What can be chosen for the public, in its order. Owners of action items are not among it.</summary>
    public IReadOnlyList<PostmortemBlock> Blocks() =>
        _blocks ??= [
            .. postmortem.Sections.SelectMany(section =>
                LineBlocks(section)
                    .Concat(
                        MarkdownBlocks
                            .Of(section.Body)
                            .Select(block => PostmortemBlock.Of(section.Heading, block, isItem: false) with { Published = words.Closed(block) })
                    )
            ),
        ];

    /// <summary>The blocks that tell action items.</summary>
    public IReadOnlyList<PostmortemBlock> ItemBlocks() => [.. postmortem.Sections.SelectMany(LineBlocks).Where(block => block.IsActionItem)];

    private IEnumerable<PostmortemBlock> LineBlocks(PostmortemSection section) =>
        Lines(section.Kind)
            .Select(line =>
                PostmortemBlock.Of(section.Heading, line.Public, isItem: true) with
                {
                    IsActionItem = line.Item is not null,
                    Writer = line.Item?.WrittenBy,
                }
            );

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
                text.Append(HeadingOf(block.Heading)).Append("\n\n");
            text.Append(block.Published);
            before = block;
        }
        return text.ToString();
    }

    /// <summary>What the program knows of a section: facts, moments, action items.</summary>
    private IEnumerable<Line> Lines(PostmortemKind kind) =>
        kind switch
        {
            PostmortemKind.Impact => Facts().Select(Line.Same),
            PostmortemKind.Timeline => postmortem
                .Timeline.Where(entry => entry.IsIn)
                .Select(entry => Line.Same($"- {words.Time(entry.At)} {Escaped(entry.Text)}")),
            PostmortemKind.ActionItems => items
                .Where(item => item.State != ActionItemState.Dropped)
                .Select(item => new Line(Task(item, words), Told(item), item)),
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

    /// <summary>A heading is a line of plain text. Signs at its end would end it.</summary>
    private static string HeadingOf(string heading) => $"## {(heading.EndsWith('#') ? $"{Escaped(heading[..^1])}\\#" : Escaped(heading))}";

    /// <summary>A line of plain text; what would begin HTML or emphasis is shown as it was typed.</summary>
    private static string Escaped(string line)
    {
        var text = new StringBuilder(line.Length);
        foreach (var c in line)
            text.Append(c is '\\' or '`' or '*' or '_' or '<' or '[' or ']' or '&' ? $"\\{c}" : c.ToString());
        return text.ToString();
    }

    /// <param name="Internal">As the team reads it.</param>
    /// <param name="Public">As the public would.</param>
    /// <param name="Item">Null where it tells no action item.</param>
    private sealed record Line(string Internal, string Public, ActionItem? Item)
    {
        public static Line Same(string line) => new(line, line, null);
    }
}
