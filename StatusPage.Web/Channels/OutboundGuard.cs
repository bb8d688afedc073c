using System.Net;
using System.Net.Sockets;
using StatusPage.Domain;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Channels;

/// <summary>An address that must not be sent to; the message says why, and contains no more of the address than the host.</summary>
public sealed class RefusedAddressException(string message) : Exception(message);

/// <summary>
/// Keeps requests that strangers can cause away from addresses that are not public. It checks the IP address of the connection, not the name, so a name
/// that resolves to another address the second time gains nothing.
/// </summary>
public sealed class OutboundGuard(Settings settings)
{
    /// <summary>Not global by IANA's special-purpose registry (RFC 6890), and the address at which Azure serves its machines.</summary>
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "168.63.129.16/32",
            "2001::/23",
            "2001:db8::/32",
            "2620:4f:8000::/48",
            "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>What to do where the address is meant: a refusal names the setting that allows it.</summary>
    private const string Otherwise = "If it is meant, whoever runs the program allows it in the setting Outbound:Allow, such as 10.0.0.0/8.";

    /// <summary>RFC 4291, section 2.4: all globally routed addresses begin with these three bits.</summary>
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public bool IsAllowed(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return settings.OutboundAllowed.Any(network => network.Contains(address));
    }

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return !Array.Exists(NotPublic, network => network.Contains(address));
        // These contain an IPv4 address, which the connection would end at.
        var bytes = address.GetAddressBytes();
        if (Nat64.Contains(address))
            return IsPublic(new IPAddress(bytes.AsSpan(12, 4)));
        if (SixToFour.Contains(address))
            return IsPublic(new IPAddress(bytes.AsSpan(2, 4)));
        return GlobalUnicast.Contains(address) && !Array.Exists(NotPublic, network => network.Contains(address));
    }

    /// <summary>Why an address must not be sent to, before anything is sent; only then is a name looked up. Null: it may.</summary>
    public Sentence? Objection(Uri address)
    {
        var host = address.IdnHost.Trim('[', ']').TrimEnd('.');
        var literal = Literal(host);
        if (literal is not null && !IsAllowed(literal) && !IsPublic(literal))
            return $"{host} is not a public address. Enter one that can be reached from the internet. {Otherwise}";
        if (address.Scheme == Uri.UriSchemeHttp && (literal is null ? settings.OutboundAllowed.Count == 0 : !IsAllowed(literal)))
            return "Enter an address that begins with https://.";
        return null;
    }

    /// <summary>Why a mail server that was entered at the desk must not be sent to; null: it may, as far as its name says.</summary>
    public string? MailObjection(string host) =>
        Literal(host.Trim('[', ']').TrimEnd('.')) is { } literal && !IsAllowed(literal) && !IsPublic(literal) ? NoMailTo(host) : null;

    /// <summary>The addresses of such a server that may be connected to.</summary>
    /// <exception cref="RefusedAddressException">There are none.</exception>
    public IPAddress[] MailAddressesOf(string host)
    {
        var open = Array.FindAll(
            Literal(host.Trim('[', ']')) is { } literal ? [literal] : Dns.GetHostAddresses(host),
            address => IsAllowed(address) || IsPublic(address)
        );
        return open.Length > 0 ? open : throw new RefusedAddressException(NoMailTo(host));
    }

    private static string NoMailTo(string host) =>
        $"{host} is not a public address, so no mail is sent there. Whoever runs the program can allow it (Outbound:Allow), or set it as Email:Smtp.";

    private static IPAddress? Literal(string host) =>
        IPAddress.TryParse(host, out var ip) ? ip
        : host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : null;

    /// <summary>Resolves the name, checks the addresses, and connects to exactly those that were checked.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancel);
        var isPlain = context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttp;
        var open = addresses.Where(address => IsAllowed(address) || (!isPlain && IsPublic(address))).ToList();
        if (open.Count == 0)
        {
            throw new RefusedAddressException(
                Array.Exists(addresses, IsPublic)
                    ? $"{host} is sent to by https only."
                    : $"{host} is not a public address, so nothing is sent there. {Otherwise}"
            );
        }
        SocketException? failure = null;
        foreach (var address in open)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                failure = exception;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw failure!;
    }
}
