using System.Diagnostics;
using StatusPage.Tests.Host;
using StatusPage.Web.Runbooks;

namespace StatusPage.Tests.Runbooks;

/// <summary>A folder in which odd things lie: each is named, and the others are taken.</summary>
public sealed class RunbookFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TempFolder _outside = new();

    public void Dispose()
    {
        _folder.Dispose();
        _outside.Dispose();
    }

    private string? RefusalOf(string name) => RunbookFolder.Read(_folder.Path).Single(file => file.Name == name).Refusal;

    private void Link(string name, string target) => File.CreateSymbolicLink(_folder.File(name), target);

    [Fact]
    public void Odd_entries_are_named_and_the_others_are_taken()
    {
        Directory.CreateDirectory(_folder.File("db"));
        File.WriteAllText(_folder.File("db/connections.md"), "# Connections");
        File.WriteAllText(_folder.File("good.md"), "# Good");
        File.WriteAllText(_folder.File("text.txt"), "# By its link");
        File.WriteAllText(_outside.File("secret.md"), "# Secret");
        Directory.CreateDirectory(_folder.File("folder.md"));
        File.WriteAllText(_folder.File("empty.md"), "");
        File.WriteAllBytes(_folder.File("large.md"), new byte[RunbookFile.MaxBytes + 1]);
        using (var made = Process.Start("mkfifo", _folder.File("pipe.md")))
            made.WaitForExit();
        Link("within.md", "text.txt");
        Link("dangling.md", "nowhere.md");
        Link("loop.md", "loop.md");
        Link("one.md", "two.md");
        Link("two.md", "one.md");
        Link("zero.md", "/dev/zero");
        Link("secret.md", _outside.File("secret.md"));
        Link("up", "..");
        Link("outside", _outside.Path);
        Link("self", ".");
        Link("through.md", "outside/secret.md");
        Link("picture.png", "nowhere.png");
        var files = RunbookFolder.Read(_folder.Path);
        Assert.Equal(
            [Path.Combine("db", "connections.md"), "good.md", "within.md"],
            files.Where(file => file is { Refusal: null, Content: not null }).Select(file => file.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            ["dangling.md", "empty.md", "loop.md", "one.md", "outside", "pipe.md", "secret.md", "through.md", "two.md", "up", "zero.md"],
            files.Where(file => file.Refusal is not null).Select(file => file.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal("large.md", Assert.Single(files, file => file is { Refusal: null, Content: null }).Name);
        Assert.Equal("It is a link that leads nowhere.", RefusalOf("dangling.md"));
        Assert.Equal("It is a link that leads out of the folder.", RefusalOf("through.md"));
        Assert.Equal("It is empty, or no ordinary file.", RefusalOf("pipe.md"));
        Assert.DoesNotContain(
            files,
            file => file.Content is { } content && System.Text.Encoding.UTF8.GetString(content).Contains("Secret", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_folder_may_itself_be_a_link()
    {
        File.WriteAllText(_outside.File("good.md"), "# Good");
        Directory.CreateSymbolicLink(_folder.File("link"), _outside.Path);
        Assert.Equal("good.md", Assert.Single(RunbookFolder.Read(_folder.File("link"))).Name);
    }
}
