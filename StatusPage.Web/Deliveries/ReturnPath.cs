using System.Globalization;
using MimeKit;
using StatusPage.Domain;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Web.Deliveries;

/// <summary>
/// A return path for each recipient (variable envelope return path): the address of a bounce identifies its recipient, whatever the bouncing server wrote.
/// It is signed, so that nobody can have others suppressed.
/// </summary>
public static class ReturnPath
{
    /// <summary>Hexadecimal characters of the signature: 64 bits. A local part has 64 characters in all, and some servers fold its case.</summary>
    private const int SignatureLength = 16;

    /// <summary>bounces+SUBSCRIBER-SIGNATURE@example.com</summary>
    public static MailboxAddress For(MailboxAddress path, SubscriberId subscriber, byte[] pageKey)
    {
        var at = path.Address.LastIndexOf('@');
        return new(
            null,
            string.Create(CultureInfo.InvariantCulture, $"{path.Address[..at]}+{subscriber}-{Sign(subscriber, pageKey)}{path.Address[at..]}")
        );
    }

    /// <summary>Null when we did not make it.</summary>
    public static SubscriberId? Read(string? address, byte[] pageKey)
    {
        if (address?.LastIndexOf('@') is not (> 0 and var at) || address[..at].LastIndexOf('+') is not (>= 0 and var plus))
            return null;
        if (address[(plus + 1)..at].ToLowerInvariant().Split('-') is not [var id, var signature] || !PublicId.LooksLikeOne(id))
            return null;
        var subscriber = SubscriberId.Of(id);
        return SignedLink.Same(Sign(subscriber, pageKey), signature) ? subscriber : null;
    }

    private static string Sign(SubscriberId subscriber, byte[] pageKey) => SignedLink.Hash($"ReturnPath|{subscriber}", pageKey)[..SignatureLength];
}
