using System.Text.RegularExpressions;

namespace StatusPage.Domain.Alerts;

public enum AlertTest
{
    Equals = 0,
    Contains = 1,

    /// <summary>A regular expression, anywhere in the text.</summary>
    Matches = 2,
}

/// <summary>What a rule asks of one field of an alert. Capitals make no difference.</summary>
/// <param name="Field">"title", "text", "key", or a field of the source, such as "label.service".</param>
public sealed record AlertCondition(string Field, AlertTest Test, string Value)
{
    public const int MaxFieldLength = 120;
    public const int MaxValueLength = 500;

    /// <summary>For one text; expressions that cannot be matched in linear time are refused when they are saved.</summary>
    private static readonly TimeSpan MatchWithin = TimeSpan.FromMilliseconds(100);

    /// <exception cref="RuleViolation">A part is missing, or the expression cannot be used.</exception>
    public static AlertCondition Of(string? field, AlertTest test, string? value)
    {
        var condition = new AlertCondition(
            Text.Line(field, nameof(Field), "a field", MaxFieldLength),
            test,
            Text.Line(value, nameof(Value), "a value", MaxValueLength)
        );
        if (test == AlertTest.Matches)
            try
            {
                _ = condition.Pattern();
            }
            catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
            {
                throw new RuleViolation(
                    $"'{condition.Value}' is not an expression that can be used. Look-around and back references are not allowed.",
                    nameof(Value)
                );
            }
        return condition;
    }

    public bool Holds(AlertEvent alert)
    {
        if (alert.FieldOf(Field) is not { } value)
            return false;
        return Test switch
        {
            AlertTest.Equals => string.Equals(value, Value, StringComparison.OrdinalIgnoreCase),
            AlertTest.Contains => value.Contains(Value, StringComparison.OrdinalIgnoreCase),
            _ => IsMatch(value),
        };
    }

    private bool IsMatch(string value)
    {
        try
        {
            return Pattern().IsMatch(value);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private Regex Pattern() => new(Value, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, MatchWithin);
}

public static class AlertFields
{
    /// <summary>What an alert says in a field; null when it says nothing there.</summary>
    public static string? FieldOf(this AlertEvent alert, string field) =>
        field switch
        {
            "title" => alert.Title,
            "text" => alert.Text,
            "key" => alert.Key,
            _ => alert.Fields.GetValueOrDefault(field),
        };
}
