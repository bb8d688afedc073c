using Microsoft.AspNetCore.DataProtection;
using StatusPage.Domain;
using StatusPage.Domain.Notices;
using StatusPage.Web.Data;

namespace StatusPage.Web.Notices;

/// <param name="Body">Plain text; an empty line separates paragraphs.</param>
/// <param name="Action">The text on the button.</param>
/// <param name="Path">Where the button leads, as a path such as /admin/incidents; may contain a one-time token.</param>
/// <param name="Topic">See <see cref="Notice.Topic"/>.</param>
public sealed record NoticeText(
    string Subject,
    string Body,
    string? Action = null,
    string? Path = null,
    string? Topic = null,
    bool Closes = false,
    NoticeUrgency Urgency = NoticeUrgency.Info
);

/// <summary>Adds notices to the team. They are sent after the transaction that saves them.</summary>
public sealed class NoticeBox(StatusDb db, IDataProtectionProvider protection, TimeProvider time)
{
    private readonly IDataProtector _links = protection.CreateProtector("StatusPage.Notices.Link");

    /// <param name="key">The notice's subject, unique among all notices.</param>
    public void Mail(PageId page, string key, string address, NoticeText text) => Add(page, NoticeChannel.Email, key, address, text);

    /// <param name="address">An email address; for a browser, the account's id; else the contact's id.</param>
    public void Add(PageId page, NoticeChannel channel, string key, string address, NoticeText text) =>
        db.Notices.Add(Make(page, channel, key, address, text));

    public Notice Make(PageId page, NoticeChannel channel, string key, string address, NoticeText text) =>
        Notice.To(
            page,
            channel,
            key,
            address,
            text.Subject,
            text.Body,
            text.Action,
            text.Path is null ? null : _links.Protect(text.Path),
            time.GetUtcNow(),
            text.Topic,
            text.Closes,
            text.Urgency
        );

    /// <summary>Where the button of a notice leads, unless the link has expired.</summary>
    public string? PathOf(Notice notice) => notice.Link is null ? null : _links.Unprotect(notice.Link);
}
