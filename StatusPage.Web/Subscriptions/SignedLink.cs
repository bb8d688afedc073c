using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using StatusPage.Domain;

namespace StatusPage.Web.Subscriptions;

public enum LinkPurpose { Confirm, Manage, Unsubscribe }

/// <summary>
/// Links that let the reader of a mail act without an account: the subscriber's id and a signature for one purpose.
/// They do not expire, since a mail may be read, and an unsubscription wanted, years later.
/// </summary>
public static class SignedLink
{
    /// <summary>Bytes of the signature kept: 128 bits.</summary>
    private const int SignatureLength = 16;

    public static string PathFor(LinkPurpose purpose, SubscriberId subscriber, byte[] pageKey) =>
        $"/subscribe/{purpose.ToString().ToLowerInvariant()}/{subscriber}.{Sign(purpose, subscriber, pageKey)}";

    /// <summary>Null when the token was not made for this purpose with this key.</summary>
    public static SubscriberId? Read(LinkPurpose purpose, string? token, byte[] pageKey)
    {
        if (token is null || token.Split('.') is not [var id, var signature] || !PublicId.LooksLikeOne(id)) return null;
        var subscriber = SubscriberId.Of(id);
        var expected = Encoding.ASCII.GetBytes(Sign(purpose, subscriber, pageKey));
        return CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature)) ? subscriber : null;
    }

    private static string Sign(LinkPurpose purpose, SubscriberId subscriber, byte[] pageKey) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(pageKey, Encoding.UTF8.GetBytes($"{purpose}|{subscriber}")).AsSpan(0, SignatureLength));
}
