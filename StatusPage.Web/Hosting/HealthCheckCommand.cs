namespace StatusPage.Web.Hosting;

/// <summary>
/// Asks the running program whether it lives, so that an image needs no other program for that. It uses the address where the running one was told to
/// listen: the same settings, the same environment, or <c>healthcheck --urls http://…</c>.
/// </summary>
public static class HealthCheckCommand
{
    public const string Usage = "healthcheck [--urls ADDRESS]";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <param name="args">What follows <c>healthcheck</c>.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var listening = Listening(WebApplication.CreateBuilder(args).Configuration);
        Uri address;
        try
        {
            address = new(Reachable(listening), "/healthz/live");
        }
        catch (FormatException)
        {
            return await Commands.RefuseAsync($"'{listening}' is no address. Usage: {Usage}", Commands.NotUnderstood);
        }
        try
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
            using var answer = await http.GetAsync(address);
            return answer.IsSuccessStatusCode
                ? Commands.Done
                : await Commands.RefuseAsync($"{address} answered {(int)answer.StatusCode}.", Commands.Refused);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return await Commands.RefuseAsync($"{address} does not answer: {exception.Message}", Commands.Refused);
        }
    }

    /// <summary>The first address that the program listens on, in the order in which ASP.NET Core looks for one.</summary>
    private static string Listening(ConfigurationManager configuration) =>
        configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).FirstOrDefault(url => url is not null)
        ?? First(configuration["urls"])
        ?? (First(configuration["http_ports"]) is { } port ? $"http://*:{port}" : Settings.DefaultUrl);

    private static string? First(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();

    /// <summary>A program that listens on every address is reached on loopback.</summary>
    private static Uri Reachable(string listening)
    {
        var parts = BindingAddress.Parse(listening);
        return new UriBuilder(parts.Scheme, parts.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : parts.Host, parts.Port).Uri;
    }
}
