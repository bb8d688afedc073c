using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace StatusPage.Web.Hosting;

/// <summary>Makes absolute links. The configured <c>PublicUrl</c>, or where the server listens; never what a request claims.</summary>
public sealed class PublicAddress(Settings settings, IServer server)
{
    private string? _root;

    /// <summary>Without a slash at the end.</summary>
    public string Root => _root ??= Find();

    /// <summary>Where the server listens, which a proxy may stand before.</summary>
    public string Listening => server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? Settings.DefaultUrl;

    public string Host => new Uri(Root).Host;

    public string Of(string path) => Root + path;

    private string Find()
    {
        if (settings.PublicUrl is { } configured) return configured.GetLeftPart(UriPartial.Authority);
        return Listening.TrimEnd('/')
            .Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
            .Replace("//*", "//localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal);
    }
}
