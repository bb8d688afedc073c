using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Notices;
using StatusPage.Domain.Pages;
using StatusPage.Web.Channels;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Notices;

/// <summary>A notice with everything that is needed to send it.</summary>
/// <param name="Link">Where the button leads; null without a button.</param>
/// <param name="BaseAddress">The address of the service's API, where it has one.</param>
/// <param name="Secrets">Decrypted.</param>
public sealed record Outgoing(Notice Notice, Page Page, string? Link, string? BaseAddress, IReadOnlyDictionary<string, string> Secrets)
{
    public string Secret(string name) => Secrets.GetValueOrDefault(name) ?? "";

    /// <summary>The key by which the other side knows that two notices are about the same subject.</summary>
    public string Topic => Notice.Topic ?? Notice.Key;
}

/// <summary>One channel to the team.</summary>
public interface INoticeSender
{
    NoticeChannel Channel { get; }

    /// <summary>One attempt; an expected failure is a result.</summary>
    Task<SendResult> SendAsync(Outgoing outgoing, CancellationToken cancel);
}

/// <summary>Finds the recipient of a notice, and passes it to its channel.</summary>
public sealed class NoticePost(IServiceScopeFactory scopes, IEnumerable<INoticeSender> senders, ChannelSecrets secrets, PublicAddresses addresses)
{
    private static readonly Dictionary<string, string> None = [];

    public async Task<SendResult> SendAsync(Notice notice, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        Contact? contact = null;
        if (notice.Channel is not (NoticeChannel.Email or NoticeChannel.Browser))
        {
            var id = ContactId.Of(notice.Address);
            contact = await db.Contacts.AsNoTracking().FirstOrDefaultAsync(row => row.PageId == notice.PageId && row.Id == id, cancel);
            if (contact is null)
                return new SendResult.Suppress("The contact was removed.");
        }
        return await SendAsync(notice, contact, scope.ServiceProvider, cancel);
    }

    /// <summary>Sends to a contact that may not be saved yet, for the test button.</summary>
    public async Task<SendResult> SendAsync(Notice notice, Contact? contact, IServiceProvider scope, CancellationToken cancel)
    {
        var page = await scope.GetRequiredService<StatusDb>().Pages.AsNoTracking().FirstAsync(row => row.Id == notice.PageId, cancel);
        string? path;
        try
        {
            path = scope.GetRequiredService<NoticeBox>().PathOf(notice);
        }
        catch (CryptographicException)
        {
            return new SendResult.GiveUp("Its link can no longer be read: the keys that it was encrypted with are gone.");
        }
        var clear = contact?.Secrets is { } encrypted ? secrets.Read(encrypted) : None;
        if (clear is null)
            return new SendResult.OurFault("The contact's secret can no longer be read. Enter it again.");
        var result = await senders
            .First(sender => sender.Channel == notice.Channel)
            .SendAsync(new(notice, page, path is null ? null : addresses.Of(page.Location).Of(path), contact?.Address, clear), cancel);
        return result switch
        {
            SendResult.TryAgain again => again with { Reason = Hide(again.Reason) },
            SendResult.GiveUp final => final with { Reason = Hide(final.Reason) },
            _ => result,
        };

        string Hide(string reason) => Text.Cut(clear.Values.Aggregate(reason, AccountSender.Hide), 500);
    }
}
