using System.Security.Cryptography;
using System.Text;

namespace StatusPage.Domain.Runbooks;

/// <summary>A step of a list under "Diagnosis" or "Resolution": a box to tick.</summary>
/// <param name="Key">The same for the same words, also in a later revision; the second step with the same words has a key of its own.</param>
/// <param name="Markdown">What is to be done, without the mark of the list.</param>
public sealed record RunbookStep(string Key, string Markdown)
{
    /// <summary>Characters.</summary>
    public const int KeyLength = 16;

    /// <summary>Characters of a step in a timeline.</summary>
    private const int MaxFirstLine = 200;

    /// <summary>Its first line.</summary>
    public string FirstLine => Text.Cut(Markdown.Split('\n')[0].Trim(), MaxFirstLine);
}

/// <summary>A piece of a part: a step, or what stands around the steps.</summary>
public sealed record RunbookBlock(string Markdown, RunbookStep? Step = null);

/// <param name="Heading">Null for what stands before the first heading.</param>
public sealed record RunbookPart(string? Heading, IReadOnlyList<RunbookBlock> Blocks);

/// <summary>
/// A runbook as it is read: its title, its parts, and the steps in them. It is read line by line: a heading of the first or second level begins a part,
/// and under "Diagnosis" and "Resolution" each item of a list is a step. Everything else is Markdown as it stands.
/// </summary>
public sealed record RunbookText(string? Title, IReadOnlyList<RunbookPart> Parts)
{
    /// <summary>Steps that one runbook can have; what comes after is shown as text.</summary>
    public const int MostSteps = 100;

    /// <summary>The outline of the incident management guide.</summary>
    public const string Outline = """
        # Database connection errors

        ## Symptoms

        - 5xx errors on the API

        ## Diagnosis

        1. Check the connections: `SELECT count(*) FROM pg_stat_activity`

        ## Resolution

        1. Kill long-running queries

        ## Prevention

        - Add connection pool limits
        """;

    private static readonly string[] WithSteps = ["diagnosis", "resolution"];

    public IEnumerable<RunbookStep> Steps => Parts.SelectMany(part => part.Blocks).Select(block => block.Step).OfType<RunbookStep>();

    public static RunbookText Read(string markdown)
    {
        var reading = new Reading();
        foreach (var line in markdown.ReplaceLineEndings("\n").Split('\n'))
            reading.Take(line);
        return reading.Done();
    }

    private sealed class Reading
    {
        private readonly List<RunbookPart> _parts = [];
        private readonly Dictionary<string, int> _seen = [];
        private readonly StringBuilder _text = new();
        private List<RunbookBlock> _blocks = [];
        private string? _title;
        private string? _heading;
        private bool _hasSteps;

        /// <summary>Columns by which the lines of the step are indented; null outside of a step.</summary>
        private int? _step;
        private string? _fence;
        private int _steps;

        public void Take(string line)
        {
            var bare = line.TrimStart(' ');
            var indent = line.Length - bare.Length;
            if (_fence is not null || Fence(bare) is not null)
            {
                // What is indented belongs to the step, and what is not ends it.
                if (_fence is null && _step is not null && indent == 0)
                    EndBlock();
                _fence =
                    _fence is null ? Fence(bare)
                    : bare.TrimEnd().StartsWith(_fence, StringComparison.Ordinal) && bare.Trim().Trim(_fence[0]).Length == 0 ? null
                    : _fence;
                Add(line);
                return;
            }
            if (indent < 4 && Heading(bare) is var (level, heading) && level <= 2)
            {
                if (level == 1 && _title is null && heading.Length > 0)
                {
                    EndPart(null);
                    _title = heading;
                }
                else
                    EndPart(heading);
                return;
            }
            // The items of an inner list are indented as far as the text of their step.
            if (_hasSteps && indent < Math.Min(_step ?? 4, 4) && Item(bare) is { } mark && _steps < MostSteps)
            {
                EndBlock();
                _steps++;
                _step = indent + mark;
                Add(new string(' ', indent + mark) + Unboxed(bare[mark..]));
                return;
            }
            if (_step is not null && indent == 0 && bare.Length > 0 && (EndsWithBlankLine || bare[0] == '#'))
                EndBlock();
            Add(line);
        }

        public RunbookText Done()
        {
            EndPart(null);
            return new(_title, _parts);
        }

        private bool EndsWithBlankLine => _text.Length >= 2 && _text[^1] == '\n' && _text[^2] == '\n';

        private void Add(string line)
        {
            var cut = Math.Min(_step ?? 0, line.Length - line.TrimStart(' ').Length);
            _text.Append(line, cut, line.Length - cut).Append('\n');
        }

        private void EndPart(string? next)
        {
            EndBlock();
            if (_heading is not null || _blocks.Count > 0)
                _parts.Add(new(_heading, _blocks));
            (_blocks, _heading) = ([], next);
            _hasSteps = next is not null && WithSteps.Contains(next.Split(' ')[0].TrimEnd(':').ToLowerInvariant());
        }

        private void EndBlock()
        {
            var text = _text.ToString().Trim('\n').TrimEnd();
            if (text.Length > 0)
                _blocks.Add(new(text, _step is null ? null : new(KeyOf(text), text)));
            _text.Clear();
            _step = null;
        }

        private string KeyOf(string step)
        {
            var number = _seen[step] = _seen.GetValueOrDefault(step) + 1;
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(number == 1 ? step : $"{number} {step}"));
            return Convert.ToHexStringLower(hash)[..RunbookStep.KeyLength];
        }

        /// <summary>The mark that opens a block of code (CommonMark 0.31, section 4.5).</summary>
        private static string? Fence(string bare)
        {
            foreach (var mark in (char[])['`', '~'])
            {
                var length = bare.Length - bare.TrimStart(mark).Length;
                if (length >= 3 && (mark == '~' || !bare[length..].Contains('`', StringComparison.Ordinal)))
                    return new(mark, length);
            }
            return null;
        }

        /// <summary>CommonMark 0.31, section 4.2.</summary>
        private static (int Level, string Heading)? Heading(string bare)
        {
            var level = bare.Length - bare.TrimStart('#').Length;
            return level is > 0 and <= 6 && (bare.Length == level || bare[level] is ' ' or '\t')
                ? (level, bare[level..].Trim().TrimEnd('#').Trim())
                : null;
        }

        /// <summary>Characters of a list item's mark and the space after it; null where there is none.</summary>
        private static int? Item(string bare)
        {
            var digits = 0;
            while (digits < bare.Length && digits < 10 && char.IsAsciiDigit(bare[digits]))
                digits++;
            var mark =
                digits is > 0 and < 10 && digits < bare.Length && bare[digits] is '.' or ')' ? digits + 1
                : bare is ['-' or '*' or '+', ..] ? 1
                : 0;
            if (mark == 0 || mark >= bare.Length || bare[mark] is not (' ' or '\t'))
                return null;
            var rest = bare[mark..].TrimStart(' ', '\t');
            // "- - -" is a rule, not a list.
            return rest.Length == 0 || (mark == 1 && rest.Trim('-', '*', ' ').Length == 0) ? null : bare.Length - rest.Length;
        }

        /// <summary>"[ ] Check" is a box already.</summary>
        private static string Unboxed(string text) => text is ['[', ' ' or 'x' or 'X', ']', ' ', ..] && text.Length > 4 ? text[4..].TrimStart() : text;
    }
}
