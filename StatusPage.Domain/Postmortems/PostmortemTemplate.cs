namespace StatusPage.Domain.Postmortems;

/// <param name="Prompt">What belongs there, for the writer; null without one.</param>
public sealed record TemplateSection(PostmortemKind Kind, string Heading, string? Prompt, string Body);

/// <summary>The sections with which the postmortems of a page begin: Markdown with a heading of the second level for each.</summary>
public sealed class PostmortemTemplate
{
    public const int MaxBodyLength = 10_000;

    /// <summary>The incident management guide's template, with the contributing factors and what went well.</summary>
    public const string Default = """
        # Incident Post-Mortem

        ## Summary

        <!-- Brief overview of the incident. -->

        ## Impact

        <!-- Who noticed what? Users, duration and revenue are filled in from the fields. -->

        ## Root Cause

        <!-- Detailed explanation. Ask “what”, not “who”. -->

        ## Contributing Factors

        <!-- What else had to be true for this to happen? -->

        ## Timeline

        ## What Went Well

        <!-- What made it shorter or smaller than it could have been? -->

        ## Action Items
        """;

    private const string CommentBegins = "<!--";
    private const string CommentEnds = "-->";

    private PostmortemTemplate() { }

    public PageId PageId { get; private init; }
    public string Body { get; private set; } = "";
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Rises by one with every change.</summary>
    public int Version { get; private set; }

    public static PostmortemTemplate Of(PageId page) => new() { PageId = page, Body = Default };

    /// <exception cref="RuleViolation">It has no heading, too many, or the same one twice.</exception>
    public void Write(string? body, DateTimeOffset now)
    {
        var text = Text.Block(body, nameof(Body), "the template", MaxBodyLength);
        var sections = Parse(text);
        if (sections.Count == 0)
            throw new RuleViolation("It has no section. A section begins with a line such as “## Summary”.", nameof(Body));
        if (sections.Count > PostmortemSection.MostSections)
            throw new RuleViolation($"It has {sections.Count} sections; at most {PostmortemSection.MostSections} fit.", nameof(Body));
        foreach (var section in sections)
            Text.Line(section.Heading, nameof(Body), "the heading of each section", PostmortemSection.MaxHeadingLength);
        if (sections.GroupBy(section => section.Heading, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new RuleViolation($"“{twice.Key}” stands there twice. Give each section a heading of its own.", nameof(Body));
        (Body, UpdatedAt) = (text, now);
        Version++;
    }

    /// <summary>
    /// Its sections in their order. A comment (&lt;!-- … --&gt;) is a prompt for the writer. What stands before the first heading is left out, and
    /// of two sections of a kind the second is an ordinary one.
    /// </summary>
    public static IReadOnlyList<TemplateSection> Parse(string text)
    {
        var sections = new List<TemplateSection>();
        foreach (var (heading, body) in Split(text))
        {
            if (heading is null)
                continue;
            var kind = PostmortemSection.KindOf(heading);
            if (sections.Exists(section => section.Kind == kind))
                kind = PostmortemKind.Other;
            var (prompt, rest) = Prompt(body);
            sections.Add(new(kind, heading, prompt, rest));
        }
        return sections;
    }

    /// <summary>Markdown, parted at its headings of the second level. Those in fenced code are none.</summary>
    /// <returns>The heading, null for what stands before the first, and what stands below it.</returns>
    public static IReadOnlyList<(string? Heading, string Body)> Split(string text)
    {
        var parts = new List<(string?, string)>();
        var (heading, body, fence) = ((string?)null, new List<string>(), (string?)null);
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            fence = MarkdownBlocks.FenceAfter(line, fence);
            if (fence is null && line.StartsWith("## ", StringComparison.Ordinal) && line[3..].Trim() is { Length: > 0 } next)
            {
                Add();
                (heading, body) = (next, []);
            }
            else if (fence is not null || !line.StartsWith("# ", StringComparison.Ordinal))
                body.Add(line);
        }
        Add();
        return parts;

        void Add()
        {
            var block = string.Join('\n', body).Trim();
            if (heading is not null || block.Length > 0)
                parts.Add((heading, block));
        }
    }

    private static (string? Prompt, string Body) Prompt(string body)
    {
        var prompts = new List<string>();
        while (body.IndexOf(CommentBegins, StringComparison.Ordinal) is >= 0 and var from)
        {
            var to = body.IndexOf(CommentEnds, from, StringComparison.Ordinal);
            if (to < 0)
                break;
            prompts.Add(body[(from + CommentBegins.Length)..to].Trim());
            body = (body[..from] + body[(to + CommentEnds.Length)..]).Trim();
        }
        return (prompts.Count == 0 ? null : string.Join(' ', prompts), body);
    }
}
