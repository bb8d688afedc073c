using StatusPage.Tests.Host;

namespace StatusPage.Tests.Deploy;

/// <summary>The <c>healthcheck</c> command, as an image calls it.</summary>
public sealed class HealthCheckTests
{
    [Fact]
    public async Task A_program_that_listens_lives()
    {
        await using var app = await AppHost.StartAsync();
        Assert.Equal((0, ""), await AppCommand.RunAsync("healthcheck", "--urls", app.BaseAddress.ToString()));
    }

    [Fact]
    public async Task An_address_of_all_interfaces_is_asked_on_loopback()
    {
        await using var app = await AppHost.StartAsync();
        Assert.Equal((0, ""), await AppCommand.RunAsync("healthcheck", "--http_ports", $"{app.BaseAddress.Port}"));
        Assert.Equal((0, ""), await AppCommand.RunAsync("healthcheck", "--urls", $"http://0.0.0.0:{app.BaseAddress.Port};https://*:1"));
    }

    [Fact]
    public async Task Nobody_there_is_a_failure_that_says_where()
    {
        var address = $"http://127.0.0.1:{Ports.Next()}";
        var (code, output) = await AppCommand.RunAsync("healthcheck", "--urls", address);
        Assert.Equal(1, code);
        Assert.StartsWith($"{address}/healthz/live does not answer", output);
    }

    [Fact]
    public async Task What_is_no_address_is_not_understood() => Assert.Equal(2, (await AppCommand.RunAsync("healthcheck", "--urls", "nonsense")).ExitCode);

    [Fact]
    public async Task An_unknown_command_is_told_what_there_is()
    {
        var (code, output) = await AppCommand.RunAsync("serve");
        Assert.Equal(2, code);
        Assert.Contains("apikey create", output);
        Assert.Contains("healthcheck", output);
    }
}
