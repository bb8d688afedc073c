using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using StatusPage.Domain.Languages;
using StatusPage.Domain.Pages;
using StatusPage.Web.Languages;

namespace StatusPage.Web.Hosting;

/// <summary>Makes absolute links to one page.</summary>
/// <param name="Root">Has no slash at the end.</param>
public sealed record PublicAddress(string Root)
{
    public string Host => new Uri(Root).Host;

    /// <summary>In the form that a browser sends (RFC 6454).</summary>
    public string Origin => new Uri(Root).GetLeftPart(UriPartial.Authority);

    public string Of(string path) => Root + path;

    /// <summary>The same page in another language.</summary>
    public PublicAddress In(SpokenLanguage spoken) => spoken.IsInAddress ? In(spoken.Language) : this;

    /// <param name="language">Null: the page's own language.</param>
    public PublicAddress In(Language? language) => language is null ? this : new($"{Root}/{language.Code}");
}

/// <summary>The outside address of each page: the configured <c>PublicUrl</c>, or where the server listens; never what a request claims.</summary>
public sealed class PublicAddresses(Settings settings, IServer server)
{
    private PublicAddress? _first;

    /// <summary>The address of the first page.</summary>
    public PublicAddress First => _first ??= new(Find());

    /// <summary>The address that the server listens on, possibly behind a proxy.</summary>
    public string Listening => server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? Settings.DefaultUrl;

    /// <summary>A page with its own host name has the scheme and the port of the first page.</summary>
    public PublicAddress Of(PageLocation location)
    {
        if (location == PageLocation.Root)
            return First;
        if (location.HostName is null)
            return new(First.Root + location.Base());
        return new(new UriBuilder(First.Root) { Host = location.HostName }.Uri.GetLeftPart(UriPartial.Authority));
    }

    private string Find()
    {
        if (settings.PublicUrl is { } configured)
            return configured.GetLeftPart(UriPartial.Authority);
        return Listening
            .TrimEnd('/')
            .Replace("[::]", "localhost", StringComparison.Ordinal)
            .Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
            .Replace("//*", "//localhost", StringComparison.Ordinal)
            .Replace("//+", "//localhost", StringComparison.Ordinal);
    }
}
