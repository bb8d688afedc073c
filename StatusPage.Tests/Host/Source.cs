using System.Runtime.CompilerServices;

namespace StatusPage.Tests.Host;

/// <summary>The source files of this build.</summary>
public static class Source
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
