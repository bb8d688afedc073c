using MimeKit;
using MimeKit.Utils;
using StatusPage.Domain;
using StatusPage.Domain.Pages;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Web.Deliveries;

/// <summary>A mail that is the same for everybody except for its address and the tokens of its links.</summary>
/// <param name="Key">The beginning of the Message-ID; for a mail to one person, all of it.</param>
/// <param name="Thread">The incident or maintenance whose mails form one conversation.</param>
/// <param name="UnsubscribeUrl">The address without the token.</param>
public sealed record MailContent(
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

/// <summary>A message for one connection: made once for a content, then addressed to one recipient after the other.</summary>
internal sealed class Letter : IDisposable
{
    private readonly ReadyBody _body;

    public Letter(MailContent content)
    {
        Content = content;
        _body = new(content.Body);
        Message = new MimeMessage
        {
            Subject = content.Subject,
            Date = content.Date,
            Body = _body,
        };
        Message.From.Add(content.From);
        Message.Headers.Add("Auto-Submitted", "auto-generated");
        if (content.Thread is not { } thread)
            return;
        // One conversation for each incident or maintenance (RFC 5322, section 3.6.4).
        Message.References.Add($"incident.{thread}@{content.From.Domain}");
        Message.Headers.Add(HeaderId.ListId, $"{MimeUtils.Quote(content.Page.Name + " status")} <status.{content.Page.Id}.{content.From.Domain}>");
        // RFC 8058: one POST, without a question.
        Message.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    }

    public MailContent Content { get; }
    public MimeMessage Message { get; }
    public MailboxAddress Sender { get; private set; } = null!;
    public MailboxAddress Recipient { get; private set; } = null!;

    public void Dispose() => Message.Dispose();

    /// <summary>The same content and subscriber always get the same Message-ID, so that a repeated mail is recognized.</summary>
    /// <param name="subscriber">Null: a member of the team, whose mail has no personal links.</param>
    public void AddressTo(SubscriberId? subscriber, string email)
    {
        Recipient = new(null, email);
        Sender = Content.ReturnPath ?? Content.From;
        Message.To.Clear();
        Message.To.Add(Recipient);
        Message.MessageId = $"{Content.Key}@{Content.From.Domain}";
        if (subscriber is not { } to)
            return;
        var key = Content.Page.LinkKey;
        var unsubscribe = SignedLink.TokenFor(SignedLinkPurpose.Unsubscribe, to, key);
        _body.Fill([SignedLink.TokenFor(SignedLinkPurpose.Confirm, to, key), SignedLink.TokenFor(SignedLinkPurpose.Manage, to, key), unsubscribe]);
        if (Content.ReturnPath is { } path)
            Sender = ReturnPath.For(path, to, key);
        Message.MessageId = $"{Content.Key}.{to}@{Content.From.Domain}";
        if (Content.Thread is not null)
            Message.Headers[HeaderId.ListUnsubscribe] = $"<{Content.UnsubscribeUrl}{unsubscribe}>";
    }
}
