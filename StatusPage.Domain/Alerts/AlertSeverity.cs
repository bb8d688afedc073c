using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Alerts;

/// <summary>What the words for severity and priority that alerts carry mean here. It is a suggestion: a person decides.</summary>
public static class AlertSeverity
{
    private static readonly Dictionary<string, Severity> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["critical"] = Severity.Sev1,
        ["error"] = Severity.Sev2,
        ["high"] = Severity.Sev2,
        ["major"] = Severity.Sev2,
        ["warning"] = Severity.Sev3,
        ["medium"] = Severity.Sev3,
        ["moderate"] = Severity.Sev3,
        ["minor"] = Severity.Sev4,
        ["low"] = Severity.Sev4,
        ["info"] = Severity.Sev4,
    };

    /// <summary>
    /// "P1", "SEV1", "sev-1", "P2 - major" and the words above; what counts from nought begins with the worst, and what is beyond the fourth is the
    /// fourth. Null for everything else, as "UNSET" or "GAMEDAY".
    /// </summary>
    public static Severity? Parse(string? text)
    {
        if (text?.Trim() is not { Length: > 0 } word)
            return null;
        if (Words.TryGetValue(word, out var severity))
            return severity;
        var number =
            word.StartsWith("SEV", StringComparison.OrdinalIgnoreCase) ? word.AsSpan(3).TrimStart(" -_")
            : word.StartsWith("P", StringComparison.OrdinalIgnoreCase) ? word.AsSpan(1).TrimStart(" -_")
            : default;
        if (number.Length == 0 || !char.IsAsciiDigit(number[0]) || number.Length > 1 && char.IsLetterOrDigit(number[1]))
            return null;
        return (Severity)Math.Clamp(number[0] - '0', (int)Severity.Sev1, (int)Severity.Sev4);
    }

    /// <summary>The worst that any of them says; null when none says anything.</summary>
    public static Severity? Worst(IEnumerable<string?> texts) => texts.Select(Parse).Min();
}
