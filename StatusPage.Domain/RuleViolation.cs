namespace StatusPage.Domain;

/// <summary>The one exception for "you may not do that", worded for the person who did it.</summary>
/// <param name="message">What happened, to which thing, what to do.</param>
/// <param name="field">The form field or API property it belongs to, in PascalCase; null when it concerns the whole act.</param>
public sealed class RuleViolation(string message, string? field = null) : Exception(message)
{
    public string? Field { get; } = field;
}
