using System.Text;
using StatusPage.Domain;

namespace StatusPage.Web.Subscriptions;

/// <summary>What the columns of a list say of one subscriber.</summary>
/// <param name="State">Null: there is no such column.</param>
public sealed record ImportedRow(string Email, string Components, string Channel, string? State);

/// <summary>Which columns of a list are read, and what lies between them.</summary>
public sealed class ImportColumns
{
    private static readonly char[] Separators = [',', ';', '\t'];
    private static readonly string[] EmailNames = ["email", "e-mail", "email address", "e-mail address", "email_address", "mail", "address"];
    private static readonly string[] StateNames = ["state", "status", "subscription_state"];

    /// <summary>What a spreadsheet would take for a formula is written with this in front of it, as in our export.</summary>
    private const char Disarmed = '\'';

    private readonly char[] _separators;
    private readonly int _email;
    private readonly int _components;
    private readonly int _channel;
    private readonly int _state;

    private ImportColumns(char[] separators, int email, int components, int channel, int state) =>
        (_separators, _email, _components, _channel, _state) = (separators, email, components, channel, state);

    /// <summary>A list without headings: addresses, and components behind them.</summary>
    public static ImportColumns Plain { get; } = new(Separators, 0, 1, -1, -1);

    /// <summary>Null where the line is no line of headings.</summary>
    public static ImportColumns? Read(string line)
    {
        if (line.Contains('@', StringComparison.Ordinal))
            return null;
        var first = line.IndexOfAny(Separators);
        char[] separators = first < 0 ? Separators : [line[first]];
        var names = line.Split(separators).Select(name => name.Trim().Trim('"').Trim().ToLowerInvariant()).ToList();
        var email = names.FindIndex(name => Array.IndexOf(EmailNames, name) >= 0);
        if (email < 0)
            email = names.FindIndex(name => name.Contains("mail", StringComparison.Ordinal));
        var state = names.FindIndex(name => Array.IndexOf(StateNames, name) >= 0);
        return email < 0 ? null : new(separators, email, names.IndexOf("components"), names.IndexOf("channel"), state);
    }

    /// <exception cref="RuleViolation">A quote is not closed, or is closed within the text.</exception>
    public ImportedRow Of(string line)
    {
        var fields = Fields(line);
        return new(At(_email), At(_components), At(_channel), _state < 0 ? null : At(_state));

        string At(int column) => column >= 0 && column < fields.Count ? fields[column] : "";
    }

    /// <summary>RFC 4180, section 2; a field ends with its line, so that one forgotten quote does not swallow the lines behind it.</summary>
    private List<string> Fields(string line)
    {
        var fields = new List<string>();
        for (var at = 0; at <= line.Length; at++)
        {
            var field = line.AsSpan(at);
            var begin = at + field.Length - field.TrimStart(' ').Length;
            if (begin < line.Length && line[begin] == '"')
                fields.Add(Quoted(line, begin + 1, out at).Trim());
            else
            {
                var end = line.IndexOfAny(_separators, at);
                (begin, at) = (at, end < 0 ? line.Length : end);
                fields.Add(Armed(line[begin..at].Trim()));
            }
            if (at < line.Length && !_separators.Contains(line[at]))
                throw new RuleViolation("Text stands behind a closing quote. Write a quote within a field twice.");
        }
        return fields;
    }

    /// <param name="at">Where the field ends: at a separator, or at the end of the line.</param>
    private static string Quoted(string line, int from, out int at)
    {
        var field = new StringBuilder();
        for (at = from; at < line.Length; at++)
        {
            if (line[at] != '"')
                field.Append(line[at]);
            else if (at + 1 < line.Length && line[at + 1] == '"')
                field.Append(line[at++]);
            else
            {
                at++;
                while (at < line.Length && line[at] == ' ')
                    at++;
                return Armed(field.ToString());
            }
        }
        throw new RuleViolation("A quote is opened and not closed in this line.");
    }

    private static string Armed(string field) => field is [Disarmed, '=' or '+' or '-' or '@', ..] ? field[1..] : field;
}
