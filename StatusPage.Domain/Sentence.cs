using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace StatusPage.Domain;

/// <summary>
/// A sentence for a person, in English, whose parts are still apart: it can be said in another language. Code writes a plain or an interpolated string
/// where one is asked for. Where a part is words, too, it is a sentence itself: <c>$"It is {(Sentence)phase.Label()}."</c>
/// </summary>
[InterpolatedStringHandler]
public sealed class Sentence
{
    /// <summary>What the keys of words within a sentence begin with, since resource keys ignore case.</summary>
    public const string Inner = "… ";

    private readonly StringBuilder _text = new();
    private readonly List<object?> _parts = [];

    public Sentence(int literalLength, int formattedCount)
    {
        _text.EnsureCapacity(literalLength + 3 * formattedCount);
    }

    private Sentence(string text) => _text.Append(Escaped(text));

    private Sentence(Sentence within) => (_text, _parts, BeginsWithCapital) = (within._text, within._parts, true);

    /// <summary>As a format string, "There is no component '{0}'.": the key of its translations.</summary>
    public string Format => _text.ToString();

    /// <summary>What stands at {0}, {1}: numbers and times as such, words as sentences, everything else as text.</summary>
    public IReadOnlyList<object?> Parts => _parts;

    /// <summary>Whether it is a part at the beginning of another one, and begins with a capital there though it does not by itself.</summary>
    public bool BeginsWithCapital { get; }

    /// <summary>The same at the beginning of another sentence.</summary>
    public Sentence Capital => new(this);

    /// <summary>A label within a sentence: "partial outage", but "Teilausfall".</summary>
    public static Sentence Within(string label) => new(Inner + label.ToLowerInvariant());

    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator Sentence?(string? text) => text is null ? null : new(text);

    public void AppendLiteral(string text) => _text.Append(Escaped(text));

    public void AppendFormatted<T>(T part, string? format = null)
    {
        _text.Append('{').Append(_parts.Count);
        if (format is not null)
            _text.Append(':').Append(format);
        _text.Append('}');
        _parts.Add(part);
    }

    /// <summary>In English.</summary>
    public override string ToString() => Said(CultureInfo.InvariantCulture, english => english);

    /// <param name="translated">The format string in that language.</param>
    public string Said(CultureInfo culture, Func<string, string> translated)
    {
        var format = translated(Format);
        if (format.StartsWith(Inner, StringComparison.Ordinal))
            format = format[Inner.Length..];
        var said = string.Format(culture, format, [.. _parts.Select(part => part is Sentence inner ? inner.Said(culture, translated) : part)]);
        return BeginsWithCapital && said.Length > 0 ? char.ToUpper(said[0], culture) + said[1..] : said;
    }

    private static string Escaped(string text) => text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
}
