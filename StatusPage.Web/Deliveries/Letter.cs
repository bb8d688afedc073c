using MimeKit;
using MimeKit.Utils;
using StatusPage.Domain;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Web.Deliveries;

/// <summary>A mail that is the same for everybody but for its address and the tokens of its links.</summary>
/// <param name="Key">Begins the Message-ID; of a mail to one person alone it is all of it.</param>
/// <param name="Thread">The incident or maintenance whose mails stand in one conversation.</param>
/// <param name="UnsubscribeUrl">Without the token.</param>
public sealed record MailDraft(
    MailboxAddress From,
    string Subject,
    DateTimeOffset Date,
    string Key,
    Page Page,
    string? Thread,
    string UnsubscribeUrl,
    MailboxAddress? ReturnPath,
    EncodedBody Body
);

/// <summary>A message on its way over one connection: made once for a draft, then addressed to one recipient after the other.</summary>
internal sealed class Letter : IDisposable
{
    private readonly ReadyBody _body;

    public Letter(MailDraft draft)
    {
        Draft = draft;
        _body = new(draft.Body);
        Message = new MimeMessage
        {
            Subject = draft.Subject,
            Date = draft.Date,
            Body = _body,
        };
        Message.From.Add(draft.From);
        Message.Headers.Add("Auto-Submitted", "auto-generated");
        if (draft.Thread is not { } thread)
            return;
        // One conversation for each incident or maintenance (RFC 5322, section 3.6.4).
        Message.References.Add($"incident.{thread}@{draft.From.Domain}");
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
    /// <param name="subscriber">Null: somebody of the team, whose mail holds no link of their own.</param>
    public void AddressTo(SubscriberId? subscriber, string email)
    {
        Recipient = new(null, email);
        Sender = Draft.ReturnPath ?? Draft.From;
        Message.To.Clear();
        Message.To.Add(Recipient);
        Message.MessageId = $"{Draft.Key}@{Draft.From.Domain}";
        if (subscriber is not { } to)
            return;
        var key = Draft.Page.LinkKey;
        var unsubscribe = SignedLink.TokenFor(LinkPurpose.Unsubscribe, to, key);
        _body.Fill([SignedLink.TokenFor(LinkPurpose.Confirm, to, key), SignedLink.TokenFor(LinkPurpose.Manage, to, key), unsubscribe]);
        if (Draft.ReturnPath is { } path)
            Sender = ReturnPath.For(path, to, key);
        Message.MessageId = $"{Draft.Key}.{to}@{Draft.From.Domain}";
        if (Draft.Thread is not null)
            Message.Headers[HeaderId.ListUnsubscribe] = $"<{Draft.UnsubscribeUrl}{unsubscribe}>";
    }
}
