using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Web.Data;

namespace StatusPage.Web.Channels;

/// <summary>The key pair by which push services know this page (VAPID, RFC 8292). Browsers keep the public half, so it never changes.</summary>
public static class PushKeys
{
    public const string Private = "private_key";

    public static Task<ChannelAccount?> FindPushAsync(this StatusDb db, PageId page, CancellationToken cancel) =>
        db.ChannelAccounts.OrderBy(row => row.CreatedAt).FirstOrDefaultAsync(row => row.PageId == page && row.Channel == Channel.WebPush, cancel);

    /// <summary>The key that the page offers to browsers; null while push is turned off, or while the store cannot be reached.</summary>
    public static async Task<string?> PublicKeyAsync(StatusDb db, PageId page, CancellationToken cancel)
    {
        try
        {
            return await db
                .ChannelAccounts.AsNoTracking()
                .Where(row => row.PageId == page && row.Channel == Channel.WebPush && row.IsOn)
                .OrderBy(row => row.CreatedAt)
                .Select(row => row.Handle)
                .FirstOrDefaultAsync(cancel);
        }
        catch (Exception exception) when (StoreSetup.IsOutage(exception))
        {
            return null;
        }
    }

    public static ChannelAccount Create(PageId page, ChannelSecrets secrets, DateTimeOffset now)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = pair.ExportParameters(includePrivateParameters: true);
        byte[] point = [4, .. key.Q.X!, .. key.Q.Y!];
        return ChannelAccount.Add(
            page,
            Channel.WebPush,
            "Browser notifications",
            null,
            Base64Url.EncodeToString(point),
            secrets.Protect(new Dictionary<string, string> { [Private] = Base64Url.EncodeToString(key.D) }),
            now
        );
    }
}
