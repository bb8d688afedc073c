using MimeKit;
using MimeKit.Utils;
using StatusPage.Domain;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Web.Deliveries;

/// <summary>A mail that is the same for everybody but for its address and the tokens of its links.</summary>
/// <param name="Thread">The incident whose mails stand in one conversation.</param>
/// <param name="UnsubscribeUrl">Without the token.</param>
public sealed record MailDraft(
    MailboxAddress From, string Subject, DateTimeOffset Date, AnnouncementId Announcement, Page Page, IncidentId? Thread,
    string UnsubscribeUrl, MailboxAddress? ReturnPath, EncodedBody Body);

/// <summary>A message on its way over one connection: made once for a draft, then addressed to one recipient after the other.</summary>
internal sealed class Letter : IDisposable
{
    private readonly ReadyBody _body;

    public Letter(MailDraft draft)
    {
        Draft = draft;
        _body = new(draft.Body);
        Message = new MimeMessage { Subject = draft.Subject, Date = draft.Date, Body = _body };
        Message.From.Add(draft.From);
        Message.Headers.Add("Auto-Submitted", "auto-generated");
        if (draft.Thread is not { } incident) return;
        // One conversation for each incident (RFC 5322, section 3.6.4).
        Message.References.Add($"incident.{incident}@{draft.From.Domain}");
        Message.Headers.Add(HeaderId.ListId, $"{MimeUtils.Quote(draft.Page.Name + " status")} <status.{draft.Page.Id}.{draft.From.Domain}>");
        // RFC 8058: one POST, no question asked.
        Message.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    }

    public MailDraft Draft { get; }
    public MimeMessage Message { get; }
    public MailboxAddress Sender { get; private set; } = null!;
    public MailboxAddress Recipient { get; private set; } = null!;

    public void Dispose() => Message.Dispose();

    /// <summary>The same draft and subscriber always get the same Message-ID, so that one sent again is known as such.</summary>
    public void AddressTo(SubscriberId subscriber, string email)
    {
        var key = Draft.Page.LinkKey;
        var unsubscribe = SignedLink.TokenFor(LinkPurpose.Unsubscribe, subscriber, key);
        _body.Fill([SignedLink.TokenFor(LinkPurpose.Confirm, subscriber, key), SignedLink.TokenFor(LinkPurpose.Manage, subscriber, key), unsubscribe]);
        Recipient = new(null, email);
        Sender = Draft.ReturnPath is { } path ? ReturnPath.For(path, subscriber, key) : Draft.From;
        Message.To.Clear();
        Message.To.Add(Recipient);
        Message.MessageId = $"{Draft.Announcement}.{subscriber}@{Draft.From.Domain}";
        if (Draft.Thread is not null) Message.Headers[HeaderId.ListUnsubscribe] = $"<{Draft.UnsubscribeUrl}{unsubscribe}>";
    }
}
