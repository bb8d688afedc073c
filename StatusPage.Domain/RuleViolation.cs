namespace StatusPage.Domain;

/// <summary>The one exception for "you may not do that", worded for the person who did it.</summary>
/// <param name="sentence">What happened, to which thing, what to do.</param>
/// <param name="field">The form field or API property it belongs to, in PascalCase; null when it concerns the whole act.</param>
public class RuleViolation(Sentence sentence, string? field = null) : Exception(sentence.ToString())
{
    /// <summary>The message, which can be said in other languages.</summary>
    public Sentence Sentence { get; } = sentence;

    public string? Field { get; } = field;

    /// <summary>Further faults of the same request, which do not depend on this one.</summary>
    public IReadOnlyList<RuleViolation> Others { get; private set; } = [];

    /// <summary>This fault and the others.</summary>
    public IReadOnlyList<RuleViolation> All => [this, .. Others];

    internal static RuleViolation Of(IReadOnlyList<RuleViolation> faults)
    {
        faults[0].Others = [.. faults.Skip(1)];
        return faults[0];
    }
}

/// <summary>The action is allowed, but not so often.</summary>
/// <param name="wait">How long to wait before trying again.</param>
public sealed class LimitReached(Sentence sentence, TimeSpan wait) : RuleViolation(sentence)
{
    public TimeSpan Wait { get; } = wait;
}
