using System.Globalization;

namespace StatusPage.Domain.Channels;

/// <summary>The text of an update in a short post. The link always stays whole; the rest is shortened, the body first.</summary>
/// <param name="Phase">"Investigating".</param>
/// <param name="Body">Without markup.</param>
/// <param name="NextUpdateBy">As people read it: "3:15 PM PST".</param>
public sealed record PostText(string Phase, string Title, string Body, string? Impact, string? NextUpdateBy, string Link)
{
    private const string More = "…";

    /// <summary>A body shorter than this says nothing.</summary>
    private const int LeastOfBody = 20;

    /// <param name="measure">Length of a text by the rules of the network.</param>
    public string Write(int limit, Func<string, int> measure)
    {
        var head = $"[{Phase}] {OneLine(Title)}";
        var facts = (Impact is null ? "" : $" Impact: {Sentence(Impact)}") + (NextUpdateBy is null ? "" : $" Next update by {NextUpdateBy}.");
        var end = $" {Link}";
        var body = OneLine(Body);
        var whole = $"{head} — {Sentence(body)}{facts}{end}";
        if (measure(whole) <= limit)
            return whole;
        var room = limit - measure($"{head} — {facts}{end}");
        if (room >= LeastOfBody)
            return Checked($"{head} — {Cut(body, room, measure)}{facts}{end}", head);
        return Checked(Cut($"{head} — {body}{facts}", limit - measure(end), measure) + end, head);

        // Lengths do not always add up where two parts meet; then a little more is cut.
        string Checked(string text, string beginning)
        {
            for (var less = 1; measure(text) > limit && less < limit; less++)
                text = Cut($"{beginning} — {body}{facts}", limit - measure(end) - less, measure) + end;
            return text;
        }
    }

    /// <summary>As many whole words as fit, with a mark that text was left out.</summary>
    public static string Cut(string text, int room, Func<string, int> measure)
    {
        if (measure(text) <= room)
            return text;
        var (fits, tooLong) = (0, text.Length);
        while (tooLong - fits > 1)
        {
            var middle = (fits + tooLong) / 2;
            if (measure(Ended(text, middle)) <= room)
                fits = middle;
            else
                tooLong = middle;
        }
        var space = text.LastIndexOf(' ', fits);
        // A first word that is longer than the room is cut in the middle.
        return fits == 0 ? "" : Ended(text, text[fits] == ' ' || space < fits / 2 ? fits : space);
    }

    /// <summary>Never tears apart what a reader takes for one character, such as a family of emoji.</summary>
    private static string Ended(string text, int length)
    {
        var whole = 0;
        while (whole < length && StringInfo.GetNextTextElementLength(text, whole) is var next && whole + next <= length)
            whole += next;
        length = whole;
        return text[..length].TrimEnd(' ', ',', ';', ':', '—', '-') + More;
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Sentence(string text) => text.Length == 0 || text[^1] is '.' or '!' or '?' or ':' or '…' ? text : text + ".";
}
