namespace StatusPage.Domain.Channels;

/// <summary>What an update says in a short post. The link always stands there whole; the rest gives way, the body first.</summary>
/// <param name="Phase">"Investigating".</param>
/// <param name="Body">Without markup.</param>
/// <param name="NextUpdateBy">As people read it: "3:15 PM PST".</param>
public sealed record PostText(string Phase, string Title, string Body, string? Impact, string? NextUpdateBy, string Link)
{
    private const string More = "…";

    /// <summary>Less of a body than this tells nothing.</summary>
    private const int LeastOfBody = 20;

    /// <param name="measure">How long a text is where it is posted.</param>
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

        // Counting is not always additive where two parts meet; then a little more gives way.
        string Checked(string text, string beginning)
        {
            for (var less = 1; measure(text) > limit && less < limit; less++)
                text = Cut($"{beginning} — {body}{facts}", limit - measure(end) - less, measure) + end;
            return text;
        }
    }

    /// <summary>As many whole words as fit, with a mark that there is more.</summary>
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
        // One word that is longer than all the room is cut within.
        return fits == 0 ? "" : Ended(text, text[fits] == ' ' || space < fits / 2 ? fits : space);
    }

    private static string Ended(string text, int length)
    {
        if (length > 0 && length < text.Length && char.IsLowSurrogate(text[length]))
            length--;
        return text[..length].TrimEnd(' ', ',', ';', ':', '—', '-') + More;
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Sentence(string text) => text.Length == 0 || text[^1] is '.' or '!' or '?' or ':' or '…' ? text : text + ".";
}
