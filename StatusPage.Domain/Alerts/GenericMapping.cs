namespace StatusPage.Domain.Alerts;

/// <summary>
/// How a body of any shape is read: where in it each part of an event stands, as paths (<see cref="JsonPath"/>). It is kept as it was typed;
/// <see cref="Check"/> is called when it is saved.
/// </summary>
public sealed record GenericMapping
{
    /// <summary>Words for one signal.</summary>
    public const int MaxWords = 20;

    /// <summary>What is expected where nothing is said: key, title, text, signal (firing or resolved), severity, link and at, in one object.</summary>
    public static readonly GenericMapping Plain = new()
    {
        Key = "$.key",
        Title = "$.title",
        Text = "$.text",
        Signal = "$.signal",
        Severity = "$.severity",
        Link = "$.link",
        At = "$.at",
    };

    public required string Key { get; init; }

    /// <summary>Where there is no title, the key is shown.</summary>
    public required string Title { get; init; }
    public string? Text { get; init; }

    /// <summary>Null: every delivery fires, and people close what they opened.</summary>
    public string? Signal { get; init; }

    /// <summary>What stands at <see cref="Signal"/> while the trouble lasts; case does not matter. None: everything that does not mean resolved.</summary>
    public IReadOnlyList<string> Firing
    {
        get;
        init => field = value ?? ["firing"];
    } = ["firing"];
    public IReadOnlyList<string> Resolved
    {
        get;
        init => field = value ?? ["resolved"];
    } = ["resolved"];
    public string? Severity { get; init; }
    public string? Link { get; init; }

    /// <summary>An instant (RFC 3339), or seconds, milliseconds or more since 1970.</summary>
    public string? At { get; init; }

    /// <summary>What rules may ask for besides: a path for each name.</summary>
    public IReadOnlyDictionary<string, string> Fields
    {
        get;
        init => field = value ?? new Dictionary<string, string>();
    } = new Dictionary<string, string>();

    /// <exception cref="RuleViolation">A path cannot be read, or a word or a name is not one.</exception>
    public void Check()
    {
        var checks = new Checks();
        checks.Try(() => JsonPath.Parse(Key, nameof(Key), "the path of the key"));
        checks.Try(() => JsonPath.Parse(Title, nameof(Title), "the path of the title"));
        checks.Try(() => CheckOptional(Text, nameof(Text), "the path of the text"));
        checks.Try(() => CheckOptional(Signal, nameof(Signal), "the path of the signal"));
        checks.Try(() => CheckOptional(Severity, nameof(Severity), "the path of the severity"));
        checks.Try(() => CheckOptional(Link, nameof(Link), "the path of the link"));
        checks.Try(() => CheckOptional(At, nameof(At), "the path of the time"));
        checks.Try(() => CheckWords(Firing, nameof(Firing), "a word that means firing"));
        checks.Try(() => CheckWords(Resolved, nameof(Resolved), "a word that means resolved"));
        checks.Refuse(!string.IsNullOrWhiteSpace(Signal) && Resolved.Count == 0, "Enter at least one word that means resolved.", nameof(Resolved));
        var both = Firing.Select(Folded).Intersect(Resolved.Select(Folded)).FirstOrDefault();
        checks.Refuse(both is not null, $"'{both}' cannot mean firing and resolved. Take it away from one of the two.", nameof(Resolved));
        checks.Refuse(Fields.Count > AlertText.MaxFields, $"At most {AlertText.MaxFields} fields can be named.", nameof(Fields));
        foreach (var (name, path) in Fields)
            checks.Try(() =>
            {
                Domain.Text.Line(name, nameof(Fields), "the name of the field", AlertText.MaxName);
                JsonPath.Parse(path, nameof(Fields), $"the path of the field '{name}'");
            });
        checks.Enforce();
    }

    /// <summary>Null when it is a word for neither.</summary>
    public AlertSignal? SignalOf(string word) =>
        Resolved.Select(Folded).Contains(Folded(word)) ? AlertSignal.Resolved
        : Firing.Count == 0 || Firing.Select(Folded).Contains(Folded(word)) ? AlertSignal.Firing
        : null;

    private static void CheckOptional(string? path, string field, Sentence what)
    {
        if (!string.IsNullOrWhiteSpace(path))
            JsonPath.Parse(path, field, what);
    }

    private static void CheckWords(IReadOnlyList<string> words, string field, Sentence what)
    {
        if (words.Count > MaxWords)
            throw new RuleViolation($"At most {MaxWords} words fit.", field);
        foreach (var word in words)
            Domain.Text.Line(word, field, what, AlertText.MaxName);
    }

    /// <param name="word">JSON may hold null where a word is asked for; <see cref="CheckWords"/> says so.</param>
    private static string Folded(string? word) => word?.Trim().ToLowerInvariant() ?? "";
}
