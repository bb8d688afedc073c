using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using StatusPage.Domain;

namespace StatusPage.Web.Subscriptions;

public enum SignedLinkPurpose
{
    Confirm,
    Manage,
    Unsubscribe,
}

/// <summary>
/// Links that let the reader of a mail act without an account: the subscriber's id and a signature for one purpose.
/// They do not expire, since a mail may be read, and an unsubscription wanted, years later.
/// </summary>
public static class SignedLink
{
    /// <summary>Bytes of the signature kept: 128 bits.</summary>
    private const int SignatureLength = 16;

    /// <summary>Characters of every token: an id, a dot, and the signature in base64url.</summary>
    public const int TokenLength = PublicId.Length + 1 + 22;

    /// <summary>The path up to the token.</summary>
    public static string PathOf(SignedLinkPurpose purpose) => $"/subscribe/{purpose.ToString().ToLowerInvariant()}/";

    public static string PathFor(SignedLinkPurpose purpose, SubscriberId subscriber, byte[] pageKey) =>
        PathOf(purpose) + TokenFor(purpose, subscriber, pageKey);

    public static string TokenFor(SignedLinkPurpose purpose, SubscriberId subscriber, byte[] pageKey) =>
        $"{subscriber}.{Sign(purpose, subscriber, pageKey)}";

    /// <summary>Null when the token was not made for this purpose with this key.</summary>
    public static SubscriberId? Read(SignedLinkPurpose purpose, string? token, byte[] pageKey)
    {
        if (token is null || token.Split('.') is not [var id, var signature] || !PublicId.LooksLikeOne(id))
            return null;
        var subscriber = SubscriberId.Of(id);
        return Same(Sign(purpose, subscriber, pageKey), signature) ? subscriber : null;
    }

    /// <summary>Compares a signature with what was claimed, in a time that tells nothing.</summary>
    internal static bool Same(string expected, string claimed) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.UTF8.GetBytes(claimed));

    /// <summary>The whole hash, in hexadecimal.</summary>
    internal static string Hash(string text, byte[] pageKey) => Convert.ToHexStringLower(HMACSHA256.HashData(pageKey, Encoding.UTF8.GetBytes(text)));

    private static string Sign(SignedLinkPurpose purpose, SubscriberId subscriber, byte[] pageKey) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(pageKey, Encoding.UTF8.GetBytes($"{purpose}|{subscriber}")).AsSpan(0, SignatureLength));
}
