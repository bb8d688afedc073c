using System.Text.RegularExpressions;
using System.Xml.Linq;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Deploy;

/// <summary>The Dockerfile, as far as it can be judged without an engine. <see cref="TopologyTests"/> runs what its steps make.</summary>
public sealed class ImageTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Topology.Root, "Dockerfile"));
    private static readonly string Script = File.ReadAllText(Path.Combine(Topology.Root, "docs", "deploy", "topology.sh"));

    /// <summary>The commands that it runs to restore and to publish.</summary>
    public static IEnumerable<string> DotnetCommands =>
        Lines.Where(line => line.StartsWith("RUN dotnet ", StringComparison.Ordinal)).Select(line => line["RUN ".Length..]);

    private static List<string> Copies =>
        [.. Lines.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from", StringComparison.Ordinal))];

    [Fact]
    public void It_restores_and_publishes() =>
        Assert.Collection(
            DotnetCommands,
            restore => Assert.StartsWith("dotnet restore StatusPage.Web ", restore),
            publish => Assert.StartsWith("dotnet publish StatusPage.Web --no-restore --configuration Release ", publish)
        );

    [Fact]
    public void The_script_has_no_build_of_its_own()
    {
        Assert.Contains("\"$root/Dockerfile\"", Script);
        Assert.DoesNotMatch("dotnet (restore|build|publish)", Script);
    }

    [Fact]
    public void Packages_are_restored_from_the_lists_alone()
    {
        var before = Lines
            .TakeWhile(line => !line.StartsWith("RUN dotnet restore", StringComparison.Ordinal))
            .Where(line => line.StartsWith("COPY", StringComparison.Ordinal))
            .ToList();
        var files = before.SelectMany(line => line.Split(' ')[1..^1]).ToList();
        Assert.All(files, file => Assert.True(Path.GetExtension(file) is ".json" or ".props" or ".csproj", file));
        var references = XDocument
            .Load(Path.Combine(Topology.Root, "StatusPage.Web", "StatusPage.Web.csproj"))
            .Descendants("ProjectReference")
            .Select(reference => reference.Attribute("Include")!.Value.Replace("..\\", "", StringComparison.Ordinal).Replace('\\', '/'));
        Assert.All([.. references, "global.json", "Directory.Build.props", "Directory.Packages.props"], file => Assert.Contains(file, files));
    }

    [Fact]
    public void Everything_that_it_copies_is_there() =>
        Assert.All(Copies.SelectMany(line => line.Split(' ')[1..^1]), name => Assert.True(Path.Exists(Path.Combine(Topology.Root, name)), name));

    [Fact]
    public void The_program_runs_without_rights_and_writes_below_one_folder()
    {
        var last = Lines.SkipWhile(line => !Regex.IsMatch(line, "^FROM [^ ]+$")).ToList();
        Assert.Contains("USER $APP_UID", last);
        Assert.Contains("VOLUME /data", last);
        Assert.Contains("ENV DataDirectory=/data", last);
        Assert.Contains("ENV TMPDIR=/data", last);
        Assert.DoesNotContain(last, line => line.StartsWith("RUN", StringComparison.Ordinal));
        Assert.Contains(
            last,
            line =>
                line.StartsWith("HEALTHCHECK", StringComparison.Ordinal)
                && line.EndsWith("CMD [\"dotnet\", \"StatusPage.Web.dll\", \"healthcheck\"]", StringComparison.Ordinal)
        );
    }
}
