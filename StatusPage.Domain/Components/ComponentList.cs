namespace StatusPage.Domain.Components;

/// <summary>Components as somebody writes them down: one a line, and "Group: name" for those in a group.</summary>
public static class ComponentList
{
    public const int MaxLines = 200;

    /// <returns>Each once, in the order in which they stand.</returns>
    /// <exception cref="RuleViolation">Nothing, too much, or a name that is none, with its line.</exception>
    public static IReadOnlyList<(string? Group, string Name)> Read(string? text, string field)
    {
        var found = new List<(string? Group, string Name)>();
        var lines = (text ?? "").ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim().TrimStart('-', '*', '•').Trim();
            if (line.Length == 0)
                continue;
            if (found.Count == MaxLines)
                throw new RuleViolation($"These are more than {MaxLines} lines. Add them in parts.", field);
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            try
            {
                var name = Text.Line(line[(colon + 1)..], field, "a name behind the colon", Component.MaxNameLength);
                var group = colon < 0 ? null : Text.Line(line[..colon], field, "a group before the colon", Component.MaxNameLength);
                if (!found.Exists(other => IsSame(other.Group, group) && IsSame(other.Name, name)))
                    found.Add((group, name));
            }
            catch (RuleViolation violation)
            {
                throw new RuleViolation($"Line {i + 1}: {violation.Message}", field);
            }
        }
        return found.Count > 0 ? found : throw new RuleViolation("Write the components, one a line.", field);
    }

    public static bool IsSame(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
