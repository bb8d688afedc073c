using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;

namespace StatusPage.Web.Hosting;

/// <summary>The configured addresses that the program listens on, and why it cannot.</summary>
public static class Listening
{
    private const string Allowed = "addresses such as http://127.0.0.1:8080 or http://*:80, with semicolons between";

    /// <exception cref="SettingException">A configured value is no address.</exception>
    public static void Check(IConfiguration configuration)
    {
        foreach (var address in Parts(configuration["urls"]))
            CheckAddress("urls", address);
        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
            if (endpoint["Url"] is { } address)
                CheckAddress($"{endpoint.Path}:Url", address);
        foreach (var key in new[] { "http_ports", "https_ports" })
        foreach (var port in Parts(configuration[key]))
            if (!ushort.TryParse(port, out _))
                throw new SettingException(key, port, "ports from 0 to 65535, with semicolons between");
    }

    /// <summary>Why the web server could not start, in a line; null if something else failed.</summary>
    public static string? Failure(Exception exception) =>
        exception switch
        {
            IOException { InnerException: AddressInUseException } =>
                $"{exception.Message.TrimEnd('.')}. Another program listens there; set urls to another address.",
            AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressNotAvailable or SocketError.AccessDenied } =>
                $"The program cannot listen at the address that urls names: {exception.Message}.",
            IOException { InnerException: SocketException } => exception.Message,
            InvalidOperationException when exception.Message.StartsWith("Unable to configure HTTPS endpoint", StringComparison.Ordinal) =>
                "An https address has no certificate. Set Kestrel:Certificates:Default:Path (and KeyPath or Password), or listen by http behind a proxy.",
            CryptographicException
            or FileNotFoundException
            or DirectoryNotFoundException when exception.StackTrace?.Contains("CertificateConfigLoader", StringComparison.Ordinal) == true =>
                $"The certificate in Kestrel:Certificates or Kestrel:Endpoints cannot be read: {exception.Message}",
            not OperationCanceledException when exception.StackTrace?.Contains("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal) == true =>
                $"The web server cannot be started as it is set: {exception.Message}",
            _ => null,
        };

    private static void CheckAddress(string key, string address)
    {
        BindingAddress parsed;
        try
        {
            parsed = BindingAddress.Parse(address);
        }
        catch (FormatException)
        {
            throw new SettingException(key, address, Allowed);
        }
        // A port that is no number is parsed as part of the name, and the port becomes 80.
        var name = parsed.Host.StartsWith('[') ? parsed.Host[(parsed.Host.IndexOf(']', StringComparison.Ordinal) + 1)..] : parsed.Host;
        if (parsed.IsUnixPipe || parsed.IsNamedPipe)
            return;
        if (
            parsed.Scheme is not ("http" or "https")
            || parsed.Port is < 0 or > ushort.MaxValue
            || name.Contains(':', StringComparison.Ordinal)
            || parsed.PathBase.Length > 0
        )
            throw new SettingException(key, address, Allowed);
    }

    private static string[] Parts(string? value) => (value ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
