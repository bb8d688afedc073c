namespace StatusPage.Domain;

/// <summary>The one exception for "you may not do that", worded for the person who did it.</summary>
/// <param name="message">What happened, to which thing, what to do.</param>
/// <param name="field">The form field or API property it belongs to, in PascalCase; null when it concerns the whole act.</param>
public class RuleViolation(string message, string? field = null) : Exception(message)
{
    public string? Field { get; } = field;
}

/// <summary>The action is allowed, but not so often.</summary>
/// <param name="wait">How long to wait before trying again.</param>
public sealed class LimitReached(string message, TimeSpan wait) : RuleViolation(message)
{
    public TimeSpan Wait { get; } = wait;
}
