using System.Text;
using System.Text.Json;

namespace StatusPage.Web.Themes;

/// <summary>JSON with the line of each value, so that its author is told where to look.</summary>
/// <param name="Text">The value of a text; null for anything else.</param>
internal sealed record ThemeJson(string File, int Line, string? Text, IReadOnlyDictionary<string, ThemeJson>? Members, IReadOnlyList<ThemeJson>? Items)
{
    public static ThemeJson Read(byte[] bytes, string file)
    {
        try
        {
            var content = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(3) : bytes;
            var reader = new Utf8JsonReader(
                content,
                new JsonReaderOptions
                {
                    CommentHandling = JsonCommentHandling.Skip,
                    AllowTrailingCommas = true,
                    MaxDepth = 8,
                }
            );
            reader.Read();
            var whole = Value(ref reader, content, file);
            while (reader.Read())
            {
                // Nothing may follow, which the reader checks.
            }
            return whole.Members is null ? throw whole.Wrong("a theme is an object in braces.") : whole;
        }
        catch (JsonException exception)
        {
            var reason = exception.Message;
            var end = reason.IndexOf(" LineNumber:", StringComparison.Ordinal);
            throw new ThemeException(file, (int)(exception.LineNumber ?? 0) + 1, end < 0 ? reason : reason[..end]);
        }
    }

    public ThemeException Wrong(string reason) => new(File, Line, reason);

    /// <summary>Refuses unknown names: a misspelt name would otherwise do nothing.</summary>
    public void Only(string what, IEnumerable<string> known)
    {
        foreach (var (name, value) in Members!)
            if (!known.Contains(name))
                throw value.Wrong($"'{name}' is no {what}. Known are {string.Join(", ", known)}.");
    }

    public ThemeJson? Object(string name) =>
        Members!.GetValueOrDefault(name) switch
        {
            null => null,
            { Members: not null } found => found,
            var other => throw other.Wrong($"'{name}' is an object in braces."),
        };

    public string? Words(string name, int longest) =>
        Members!.GetValueOrDefault(name) switch
        {
            null => null,
            { Text: { } text } found => string.IsNullOrWhiteSpace(text) || text.Length > longest
                ? throw found.Wrong($"'{name}' has 1 to {longest} characters.")
                : text.Trim(),
            var other => throw other.Wrong($"'{name}' is a text in quotes."),
        };

    private static ThemeJson Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> content, string file)
    {
        var line = LineAt(content, reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new Dictionary<string, ThemeJson>(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var (name, at) = (reader.GetString()!, LineAt(content, reader.TokenStartIndex));
                    reader.Read();
                    if (!members.TryAdd(name, Value(ref reader, content, file) with { Line = at }))
                        throw new ThemeException(file, at, $"'{name}' is there twice.");
                }
                return new(file, line, null, members, null);
            case JsonTokenType.StartArray:
                var items = new List<ThemeJson>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(Value(ref reader, content, file));
                return new(file, line, null, null, items);
            case JsonTokenType.String:
                return new(file, line, reader.GetString(), null, null);
            default:
                return new(file, line, null, null, null);
        }
    }

    private static int LineAt(ReadOnlySpan<byte> content, long index) => content[..(int)index].Count((byte)'\n') + 1;
}
