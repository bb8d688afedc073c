namespace StatusPage.Domain.Postmortems;

/// <summary>A sentence that reads as if somebody were at fault, and a question that leads on.</summary>
/// <param name="Start">Where the words begin in the sentence.</param>
/// <param name="Length">Of the words, in UTF-16 units.</param>
public sealed record BlameHint(string Sentence, int Start, int Length, string Question);

/// <summary>
/// Finds sentences that blame, in the spirit of the guide: focus on systems, not people; ask “what”, not “who”. It knows English words. A hint is an
/// offer: it keeps nothing from being saved.
/// </summary>
public static class BlameHints
{
    private const int Most = 20;
    private const int LongestSentence = 400;

    /// <summary>How many words may lie between a person and what only a person does.</summary>
    private const int Reach = 12;

    private const string Natural = "What made this the natural thing to do?";
    private const string Overlook = "What would have made this hard to overlook?";
    private const string InTheWay = "What stood in the way, or made something else more urgent?";
    private const string OneStep = "What in the system let one step have this effect?";
    private const string Hindsight = "What was done instead, and what made it look right at that moment?";
    private const string Seen = "What did people see and know at that moment?";
    private const string Search = "Where people err, the search begins. What made this the natural thing to do?";

    /// <summary>Words that blame, whoever they are about.</summary>
    private static readonly (string[] Words, string Question)[] Always =
    [
        (["should", "have"], Hindsight),
        (["should", "not", "have"], Hindsight),
        (["should", "never", "have"], Hindsight),
        (["should", "of"], Hindsight),
        (["should've"], Hindsight),
        (["shouldn't", "have"], Hindsight),
        (["could", "have", "known"], Hindsight),
        (["human", "error"], Search),
        (["human", "mistake"], Search),
        (["operator", "error"], Search),
        (["user", "error"], Search),
        (["careless"], Seen),
        (["carelessly"], Seen),
        (["carelessness"], Seen),
        (["negligence"], Seen),
        (["negligent"], Seen),
        (["sloppy"], Seen),
        (["incompetent"], Seen),
        (["incompetence"], Seen),
        (["lack", "of", "care"], Seen),
        (["lack", "of", "attention"], Seen),
        (["inattentive"], Seen),
        (["stupid"], Seen),
        (["stupidly"], Seen),
    ];

    /// <summary>What only people do, so that a person anywhere before it is meant.</summary>
    private static readonly (string[] Words, string Question)[] OfPeople =
    [
        (["forgot"], Overlook),
        (["forgotten"], Overlook),
        (["forgets"], Overlook),
        (["neglected"], InTheWay),
        (["overlooked"], Overlook),
        (["messed", "up"], OneStep),
        (["screwed", "up"], OneStep),
        (["made", "a", "mistake"], Natural),
        (["made", "an", "error"], Natural),
        (["made", "the", "mistake"], Natural),
        (["didn't", "bother"], InTheWay),
        (["mistyped"], Natural),
        (["mistakenly"], Natural),
        (["by", "mistake"], Natural),
    ];

    /// <summary>What machines do as well; the person must stand right before it, or right behind “by”.</summary>
    private static readonly (string[] Words, string Question)[] OfAnything =
    [
        (["failed", "to"], InTheWay),
        (["fails", "to"], InTheWay),
        (["broke"], OneStep),
        (["broken"], OneStep),
        (["caused"], OneStep),
        (["missed"], Overlook),
        (["ignored"], InTheWay),
        (["misconfigured"], Natural),
        (["didn't", "check"], InTheWay),
        (["didn't", "test"], InTheWay),
        (["didn't", "read"], InTheWay),
        (["didn't", "notice"], Overlook),
        (["did", "not", "check"], InTheWay),
        (["did", "not", "test"], InTheWay),
        (["did", "not", "read"], InTheWay),
        (["did", "not", "notice"], Overlook),
    ];

    private static readonly HashSet<string> OfSomebody = new(StringComparer.Ordinal) { "mistake", "mistakes", "fault", "error", "errors", "blunder" };

    /// <summary>People without a name.</summary>
    private static readonly HashSet<string> Somebody = new(StringComparer.Ordinal)
    {
        "i",
        "he",
        "she",
        "somebody",
        "someone",
        "engineer",
        "developer",
        "intern",
        "colleague",
    };

    /// <summary>What may stand between a person and what they did.</summary>
    private static readonly HashSet<string> Between = new(StringComparer.Ordinal)
    {
        "had",
        "has",
        "have",
        "also",
        "then",
        "simply",
        "just",
        "again",
        "never",
        "accidentally",
        "mistakenly",
        "apparently",
        "probably",
        "clearly",
        "unfortunately",
        "and",
        "who",
        "from",
        "the",
        "on",
        "call",
        "oncall",
        "team",
    };

    /// <summary>Names of addresses that are no people's.</summary>
    private static readonly HashSet<string> NoNames = new(StringComparer.Ordinal)
    {
        "admin",
        "administrator",
        "alerts",
        "api",
        "app",
        "bot",
        "build",
        "comms",
        "database",
        "deploy",
        "dev",
        "devops",
        "infra",
        "info",
        "mail",
        "monitoring",
        "network",
        "noc",
        "noreply",
        "oncall",
        "ops",
        "owner",
        "platform",
        "production",
        "release",
        "root",
        "security",
        "server",
        "service",
        "sre",
        "status",
        "storage",
        "support",
        "system",
        "team",
        "test",
        "the",
        "web",
        "and",
        "for",
        "from",
    };

    /// <param name="people">Names or addresses of the team: "Alice Cole", "alice.cole@acme.example".</param>
    /// <returns>In the order of the text; at most twenty.</returns>
    public static IReadOnlyList<BlameHint> Find(string? text, IEnumerable<string> people)
    {
        if (string.IsNullOrWhiteSpace(text))
            return [];
        var names = NamesOf(people);
        var hints = new List<BlameHint>();
        foreach (var sentence in Sentences(text))
            if (hints.Count < Most && HintOf(sentence, names) is { } hint)
                hints.Add(hint);
        return hints;
    }

    private static BlameHint? HintOf(string sentence, HashSet<string> names)
    {
        var words = WordsOf(sentence);
        for (var at = 0; at < words.Count; at++)
        {
            if (Match(words, at, Always) is { } always)
                return Hint(sentence, words, at, at + always.Length - 1, always.Question);
            if (Match(words, at, OfPeople) is { } human && PersonBefore(words, at, names, Reach, anything: true) is { } who)
                return Hint(sentence, words, who, at + human.Length - 1, human.Question);
            if (Match(words, at, OfAnything) is { } act)
            {
                if (PersonBefore(words, at, names, Between.Count, anything: false) is { } actor)
                    return Hint(sentence, words, actor, at + act.Length - 1, act.Question);
                var next = at + act.Length;
                if (next + 1 < words.Count && words[next].Text == "by" && IsPerson(words[next + 1].Text, names))
                    return Hint(sentence, words, at, next + 1, act.Question);
            }
            if (at > 0 && OfSomebody.Contains(words[at].Text) && IsOwner(words[at - 1].Text, names))
                return Hint(sentence, words, at - 1, at, Natural);
        }
        return null;
    }

    private static (int Length, string Question)? Match(List<Word> words, int at, (string[] Words, string Question)[] patterns)
    {
        foreach (var (pattern, question) in patterns)
        {
            if (at + pattern.Length > words.Count)
                continue;
            var same = true;
            for (var i = 0; same && i < pattern.Length; i++)
                same = words[at + i].Text == pattern[i];
            if (same)
                return (pattern.Length, question);
        }
        return null;
    }

    /// <param name="anything">Whether any words may lie between.</param>
    private static int? PersonBefore(List<Word> words, int at, HashSet<string> names, int reach, bool anything)
    {
        for (var i = at - 1; i >= 0 && at - i <= reach; i--)
        {
            if (IsPerson(words[i].Text, names))
                return i;
            if (!anything && !Between.Contains(words[i].Text))
                return null;
        }
        return null;
    }

    private static bool IsPerson(string word, HashSet<string> names) => Somebody.Contains(word) || names.Contains(word);

    private static bool IsOwner(string word, HashSet<string> names) => word.EndsWith("'s", StringComparison.Ordinal) && IsPerson(word[..^2], names);

    private static BlameHint Hint(string sentence, List<Word> words, int first, int last, string question) =>
        new(sentence, words[first].Start, words[last].Start + words[last].Length - words[first].Start, question);

    private static HashSet<string> NamesOf(IEnumerable<string> people)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var person in people)
        {
            var name = person.Contains('@', StringComparison.Ordinal) ? person[..person.IndexOf('@', StringComparison.Ordinal)] : person;
            foreach (var word in name.ToLowerInvariant().Split(['.', '-', '_', '+', ' ', ','], StringSplitOptions.RemoveEmptyEntries))
                if (word.Length > 2 && word.All(char.IsLetter) && !NoNames.Contains(word))
                    names.Add(word);
        }
        return names;
    }

    /// <summary>A sentence ends with its point, or with its line.</summary>
    private static IEnumerable<string> Sentences(string text)
    {
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var from = 0;
            for (var i = 0; i < line.Length; i++)
                if (line[i] is '.' or '!' or '?' && (i + 1 == line.Length || char.IsWhiteSpace(line[i + 1])) || i - from >= LongestSentence)
                {
                    yield return line[from..(i + 1)].Trim();
                    from = i + 1;
                }
            if (line[from..].Trim() is { Length: > 0 } rest)
                yield return rest;
        }
    }

    private static List<Word> WordsOf(string sentence)
    {
        var words = new List<Word>();
        for (var i = 0; i < sentence.Length; )
        {
            if (!char.IsLetterOrDigit(sentence[i]))
            {
                i++;
                continue;
            }
            var from = i;
            while (
                i < sentence.Length
                && (char.IsLetterOrDigit(sentence[i]) || IsApostrophe(sentence[i]) && i + 1 < sentence.Length && char.IsLetter(sentence[i + 1]))
            )
                i++;
            words.Add(new(sentence[from..i].Replace('’', '\'').ToLowerInvariant(), from, i - from));
        }
        return words;
    }

    private static bool IsApostrophe(char c) => c is '\'' or '’';

    private sealed record Word(string Text, int Start, int Length);
}
