using StatusPage.Domain;

namespace StatusPage.Web.Themes;

/// <summary>A theme, or a style sheet, that cannot be used: the file, the line where it can be named, and what is wrong.</summary>
public sealed class ThemeException(string file, int? line, Sentence reason)
    : Exception(line is { } number ? $"{file}, line {number}: {reason}" : $"{file}: {reason}")
{
    public int? Line { get; } = line;
    public Sentence Reason { get; } = reason;
}
