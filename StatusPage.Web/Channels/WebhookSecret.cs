using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StatusPage.Domain;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Web.Channels;

/// <summary>The secret by which a receiver recognizes our webhooks. Each subscriber has their own, derived, so that nothing needs to be stored.</summary>
public static class WebhookSecret
{
    public static string For(SubscriberId subscriber, byte[] linkKey) => "whsec_" + SignedLink.Hash($"webhook|{subscriber}", linkKey);

    /// <summary><c>t=1790000000,v1=…</c>: HMAC-SHA256 of the time in seconds, a dot, and the body as it is sent.</summary>
    public static string Sign(string secret, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var seconds = at.ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $"t={seconds},v1={Hash(secret, seconds, body)}");
    }

    /// <summary>HMAC of the time, a dot, and the body, in hexadecimal.</summary>
    public static string Hash(string secret, long seconds, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seconds}.")));
        hmac.AppendData(body);
        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }
}
