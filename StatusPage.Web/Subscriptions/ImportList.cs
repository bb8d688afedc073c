using System.Globalization;
using System.Text;
using StatusPage.Domain;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Languages;

namespace StatusPage.Web.Subscriptions;

/// <summary>A line that was not taken: where it stands, what stands there, and why.</summary>
public sealed record BadLine(int Number, string Text, Sentence Reason)
{
    public string In(Words say) => $"{Number}\t{Text}\t{say[Reason]}";
}

/// <summary>
/// Reads pasted addresses: <c>email</c>, or <c>email, slug slug</c>; or a CSV file whose first line names its columns, such as our own export. Blank lines
/// and # comments are passed over.
/// </summary>
public static class ImportList
{
    /// <summary>Characters of a bad line that are repeated.</summary>
    private const int MaxShown = 200;

    /// <param name="components">By slug.</param>
    /// <returns>The good lines, as subscribers that are confirmed, with the number of their line.</returns>
    public static IReadOnlyList<(int Line, Subscriber Subscriber)> Read(
        PageId page,
        string text,
        IReadOnlyDictionary<string, ComponentId> components,
        DateTimeOffset now,
        ICollection<BadLine> bad
    )
    {
        var good = new List<(int, Subscriber)>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var number = 0;
        var isFirst = true;
        var columns = ImportColumns.Plain;
        foreach (var span in text.AsSpan().TrimStart('\uFEFF').EnumerateLinesByFeed())
        {
            number++;
            var line = span.Trim(" \t\r").ToString();
            // Spreadsheets say in a first line what separates the columns; the next line shows it as well.
            if (line.Length == 0 || line[0] == '#' || isFirst && line is ['s', 'e', 'p', '=', _])
                continue;
            if (isFirst && ImportColumns.Read(line) is { } header)
            {
                (columns, isFirst) = (header, false);
                continue;
            }
            isFirst = false;
            try
            {
                if (line.Any(IsLineBreak))
                    throw new RuleViolation("It holds a line break or another character that cannot be seen.");
                var subscriber = Read(page, columns.Of(line), components, now);
                if (!seen.TryAdd(subscriber.Key, number))
                    throw new RuleViolation($"The address stands in line {seen[subscriber.Key]} already.");
                good.Add((number, subscriber));
            }
            catch (RuleViolation violation)
            {
                bad.Add(new(number, Visible(line), violation.Sentence));
            }
        }
        return good;
    }

    private static Subscriber Read(PageId page, ImportedRow row, IReadOnlyDictionary<string, ComponentId> components, DateTimeOffset now)
    {
        if (row.Channel is { Length: > 0 } channel && !channel.Equals("email", StringComparison.OrdinalIgnoreCase))
            throw new RuleViolation($"Only addresses of mail are imported, and this is a subscription of another kind: {Shortened(channel)}.");
        // "active" is Statuspage's word.
        if (row.State?.Length == 0)
            throw new RuleViolation("The list does not say that it is confirmed, so it is not subscribed.");
        if (row.State is { } state && state.ToLowerInvariant() is not ("confirmed" or "active" or "subscribed"))
            throw new RuleViolation($"It is not confirmed where it comes from, but {Shortened(state)}, so it is not subscribed.");
        var subscriber = Subscriber.ByEmail(page, row.Email, now);
        var wanted = new List<ComponentId>();
        foreach (var slug in row.Components.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            wanted.Add(
                components.TryGetValue(slug, out var id) ? id : throw new RuleViolation($"There is no component '{Shortened(slug)}' on this page.")
            );
        subscriber.Choose(wanted);
        subscriber.Confirm(now);
        return subscriber;
    }

    /// <summary>Names are joined by characters that nobody sees, in Persian for example; an address that has one is refused by itself.</summary>
    private static bool IsLineBreak(char c) => (char.IsControl(c) && c != '\t') || c is '\u2028' or '\u2029';

    private static bool IsHidden(char c) => IsLineBreak(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format;

    /// <summary>Shows invisible characters by their code, so that the line stays one line.</summary>
    private static string Visible(string line)
    {
        var shown = new StringBuilder();
        foreach (var c in Shortened(line))
        {
            if (c == '\t' || IsHidden(c))
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                shown.Append(c);
        }
        return shown.ToString();
    }

    private static string Shortened(string text) => text.Length <= MaxShown ? text : Text.Cut(text, MaxShown) + "…";

    /// <summary>Lines end with a line feed only. Any other line end would split what a person sees as one line.</summary>
    private static FeedLines EnumerateLinesByFeed(this ReadOnlySpan<char> text) => new(text);

    private ref struct FeedLines(ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> _rest = text;
        private bool _isDone;

        public ReadOnlySpan<char> Current { get; private set; }

        public readonly FeedLines GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_isDone)
                return false;
            var end = _rest.IndexOf('\n');
            Current = end < 0 ? _rest : _rest[..end];
            _isDone = end < 0;
            _rest = end < 0 ? [] : _rest[(end + 1)..];
            return true;
        }
    }
}
