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
            catch (RegexParseException exception)
            {
                throw new RuleViolation(
                    $"'{condition.Value}' cannot be read as an expression: at character {exception.Offset}, {WhatIsWrong(exception.Error)} "
                        + $"A backslash before a character takes its meaning away.",
                    nameof(Value)
                );
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

    private static Sentence WhatIsWrong(RegexParseError error) =>
        error switch
        {
            RegexParseError.UnterminatedBracket => "a bracket [ is opened and not closed.",
            RegexParseError.InsufficientClosingParentheses => "a parenthesis ( is opened and not closed.",
            RegexParseError.InsufficientOpeningParentheses => "a parenthesis ) is closed that was not opened.",
            RegexParseError.QuantifierAfterNothing => "something must stand before *, + or ?.",
            RegexParseError.NestedQuantifiersNotParenthesized => "two of *, + and ? follow each other.",
            RegexParseError.ReversedQuantifierRange => "the numbers in braces are in the wrong order.",
            RegexParseError.ReversedCharacterRange => "the ends of a range in brackets are in the wrong order.",
            RegexParseError.UnescapedEndingBackslash => "nothing follows the backslash.",
            RegexParseError.UnrecognizedEscape => "what follows the backslash has no meaning.",
            RegexParseError.InvalidGroupingConstruct => "what follows (? has no meaning.",
            RegexParseError.UndefinedNumberedReference or RegexParseError.UndefinedNamedReference => "it refers back to a group; that is not allowed.",
            _ => "something has no meaning there.",
        };

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
