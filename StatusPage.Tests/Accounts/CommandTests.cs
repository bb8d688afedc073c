using System.Net;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Accounts;

/// <summary>The program as a command: <c>apikey create</c>.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task A_key_is_printed_alone_on_its_line_and_works()
    {
        using var folder = new TempFolder();
        await using (await AppHost.StartAsync(folder, null)) { }
        var (code, output) = await AppCommand.RunAsync("apikey", "create", "--name", "ci", "--role", "comms", "--DataDirectory", folder.Path);
        var key = output.TrimEnd();
        Assert.Equal(0, code);
        Assert.Matches("^sp_[A-Za-z0-9]{33}$", key);
        await using var app = await AppHost.StartAsync(folder, null);
        using var api = new ApiClient(app.NewClient(), (await app.PageAsync()).Id, key);
        Assert.Equal(HttpStatusCode.Created, (await api.OpenIncidentAsync()).Status);
    }

    [Theory]
    [InlineData(2, "Unknown command 'dance'", "dance")]
    [InlineData(2, "Role 'king' is unknown", "apikey", "create", "--name", "ci", "--role", "king")]
    [InlineData(1, "Enter a name for the key", "apikey", "create")]
    public async Task What_is_not_understood_is_said_with_the_usage(int code, string message, params string[] args)
    {
        using var folder = new TempFolder();
        await using (await AppHost.StartAsync(folder, null)) { }
        var (exit, output) = await AppCommand.RunAsync([.. args, "--DataDirectory", folder.Path]);
        Assert.Equal(code, exit);
        Assert.Contains(message, output);
        Assert.Contains("Usage: apikey create --name NAME", output);
    }
}
