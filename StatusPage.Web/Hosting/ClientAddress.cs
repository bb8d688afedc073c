using System.Net;
using System.Net.Sockets;

namespace StatusPage.Web.Hosting;

/// <summary>
/// The unit that a limit counts: an IPv4 address, or the 64 bits of an IPv6 address that name a network (RFC 4291, section 2.5.1). One line at home has
/// 2^64 addresses behind such a prefix, so counting single addresses would limit nobody.
/// </summary>
public static class ClientAddress
{
    private const int PrefixBytes = 8;

    public static string Of(HttpContext context) => context.Connection.RemoteIpAddress is { } address ? Of(address) : "unknown";

    public static string Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(PrefixBytes).Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
