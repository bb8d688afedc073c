using StatusPage.Domain;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Channels;

/// <summary>
/// The push services that may be sent to. A browser names the address of its service, so anybody who pretends to be a browser could make us send anywhere.
/// Only services that browsers really use are accepted, both on subscribing and on sending.
/// </summary>
public sealed class PushServices(Settings settings, OutboundGuard guard)
{
    /// <summary>Chrome, Edge, Opera and others on Android; Chrome's newer host; Firefox; Edge on Windows; Safari.</summary>
    public const string Default = "fcm.googleapis.com, jmt17.google.com, *.push.services.mozilla.com, *.notify.windows.com, *.push.apple.com";

    /// <exception cref="RuleViolation">It is not the address of an accepted service.</exception>
    public void Check(string? endpoint)
    {
        if (Objection(endpoint) is { } objection)
            throw new RuleViolation(objection, "Endpoint");
    }

    /// <summary>Why the address is not accepted, with no more of it than its host; null when it is.</summary>
    public Sentence? Objection(string? endpoint)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.UserInfo.Length > 0)
            return "The browser's subscription is not complete: the address of its push service is missing.";
        if (!settings.PushServices.Any(service => Matches(service, address)))
            return $"{address.IdnHost} is no push service that this page sends to. Whoever runs the page can name it in the setting Push:Services.";
        return guard.Objection(address);
    }

    /// <param name="service">A host name, or *.name for all below it; with a port where it is not the scheme's.</param>
    internal static bool Matches(string service, Uri address)
    {
        var (name, port) = service.LastIndexOf(':') is var colon and >= 0 ? (service[..colon], service[(colon + 1)..]) : (service, null);
        if (port is null ? !address.IsDefaultPort : port != address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture))
            return false;
        var host = address.IdnHost.TrimEnd('.');
        return name.StartsWith("*.", StringComparison.Ordinal)
            ? host.EndsWith(name[1..], StringComparison.OrdinalIgnoreCase)
            : host.Equals(name, StringComparison.OrdinalIgnoreCase);
    }
}
