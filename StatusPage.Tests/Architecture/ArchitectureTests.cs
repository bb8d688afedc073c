using System.Runtime.CompilerServices;
using System.Xml.Linq;
using StatusPage.Domain;

namespace StatusPage.Tests.Architecture;

/// <summary>The allowed dependencies: Tests → Web → Domain → nothing.</summary>
public sealed class ArchitectureTests
{
    /// <summary>In lines. Program.cs is a table of contents, and short.</summary>
    private const int LongestProgram = 59;

    private static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private static IEnumerable<string> Sources(string project) =>
        Directory
            .EnumerateFiles(Path.Combine(Root, project), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(folder => folder is "obj" or "bin" or "Migrations"));

    private static IEnumerable<string> Views(string project) =>
        Directory.EnumerateFiles(Path.Combine(Root, project), "*.cshtml", SearchOption.AllDirectories);

    [Fact]
    public void Domain_stands_on_the_runtime_alone()
    {
        Assert.DoesNotContain(
            XDocument.Load(Path.Combine(Root, "StatusPage.Domain", "StatusPage.Domain.csproj")).Descendants(),
            element => element.Name.LocalName is "PackageReference" or "ProjectReference" or "FrameworkReference"
        );
        Assert.DoesNotContain(
            typeof(PageId).Assembly.GetReferencedAssemblies(),
            assembly =>
                assembly.Name is { } name
                && (name.StartsWith("Microsoft.", StringComparison.Ordinal) || name.StartsWith("StatusPage.", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Domain_has_no_clock_of_its_own() =>
        Assert.DoesNotContain(
            Sources("StatusPage.Domain"),
            file =>
                File.ReadAllText(file) is var text
                && (
                    text.Contains(".UtcNow", StringComparison.Ordinal)
                    || text.Contains("DateTime.Now", StringComparison.Ordinal)
                    || text.Contains("DateTimeOffset.Now", StringComparison.Ordinal)
                    || text.Contains("Stopwatch", StringComparison.Ordinal)
                    || text.Contains("TimeProvider", StringComparison.Ordinal)
                )
        );

    [Fact]
    public void Days_and_hours_are_told_by_one_database_of_zones() =>
        Assert.DoesNotContain(
            Sources("StatusPage.Domain").Concat(Sources("StatusPage.Web")).Concat(Views("StatusPage.Web")),
            file =>
                File.ReadAllText(file) is var text
                && (
                    text.Contains("TimeZone" + "Info", StringComparison.Ordinal)
                    || text.Contains("ToLocal" + "Time(", StringComparison.Ordinal)
                    || text.Contains("DateTimeZone" + "Providers", StringComparison.Ordinal) && Path.GetFileName(file) != "Zones.cs"
                )
        );

    [Fact]
    public void Program_is_a_table_of_contents() =>
        Assert.InRange(File.ReadAllLines(Path.Combine(Root, "StatusPage.Web", "Program.cs")).Length, 1, LongestProgram);

    [Fact]
    public void No_test_sleeps() =>
        Assert.DoesNotContain(
            Sources("StatusPage.Tests"),
            file =>
                File.ReadAllText(file) is var text
                && (text.Contains("Thread" + ".Sleep", StringComparison.Ordinal) || text.Contains("Task" + ".Delay", StringComparison.Ordinal))
        );
}
