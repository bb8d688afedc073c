namespace StatusPage.Web.Hosting;

/// <summary>
/// <c>healthcheck</c>: asks the program that runs beside it whether it lives, so that an image needs no other program for that.
/// It looks where the running one was told to listen: the same environment, the same arguments.
/// </summary>
public static class HealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <returns>The exit code: 0 it lives, 1 it does not answer, or not with 200.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var configuration = new ConfigurationBuilder()
            .AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables("DOTNET_").AddEnvironmentVariables().AddCommandLine(args).Build();
        var address = new Uri(AddressIn(configuration), "/healthz/live");
        try
        {
            using var client = new HttpClient { Timeout = Patience };
            using var answer = await client.GetAsync(address);
            if (answer.IsSuccessStatusCode) return 0;
            await Console.Error.WriteLineAsync($"{address} answered {(int)answer.StatusCode}.");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"{address} does not answer: {exception.Message}");
        }
        return 1;
    }

    /// <summary>A server that listens on every address is reached on loopback.</summary>
    internal static Uri AddressIn(IConfiguration configuration)
    {
        var listening = configuration["urls"]?.Split(';')[0] is { Length: > 0 } url ? url
            : configuration["http_ports"]?.Split(';')[0] is { Length: > 0 } port ? $"http://*:{port}"
            : Settings.DefaultUrl;
        var parts = BindingAddress.Parse(listening);
        var host = parts.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : parts.Host;
        return new UriBuilder(parts.Scheme, host.Trim('[', ']'), parts.Port).Uri;
    }
}
