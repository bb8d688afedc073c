using System.Text.Encodings.Web;
using Fluid;
using MimeKit;
using MimeKit.Utils;
using StatusPage.Domain;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;
using StatusPage.Web.Subscriptions;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Deliveries;

/// <summary>A mail that is the same for everybody but for its links.</summary>
public sealed record MailDraft(string Subject, string Html, string Text, IncidentId? Thread);

/// <summary>Writes the mails: rendered once for each announcement, finished for each recipient.</summary>
public sealed class MailWriter(Theme theme, PublicAddress address, Settings settings)
{
    // Stand where each recipient's own links will be.
    private const string ManageMark = "https://link.invalid/manage";
    private const string UnsubscribeMark = "https://link.invalid/unsubscribe";
    private const string ConfirmMark = "https://link.invalid/confirm";

    static MailWriter()
    {
        TemplateOptions.Default.Filters.AddFilter("raw", (input, _, _) => new Fluid.Values.StringValue(input.ToStringValue(), encode: false));
    }

    public async Task<MailDraft> UpdateAsync(Page page, Incident incident, IncidentUpdate update)
    {
        var clock = ZoneClock.For(page.TimeZone);
        var subject = $"[{page.Name}] {update.Phase.Label()}: {incident.Title}";
        var values = new Dictionary<string, object?>
        {
            ["subject"] = subject,
            ["title"] = incident.Title,
            ["phase"] = update.Phase.Label(),
            ["severity"] = page.ShowsSeverity ? incident.Severity?.Code() : null,
            ["posted_at"] = clock.Time(update.PostedAt),
            ["body_html"] = Markdown.ToHtml(update.Body),
            ["body_text"] = Markdown.ToText(update.Body),
            ["preview"] = update.ImpactSummary ?? Markdown.ToText(update.Body),
            ["impact"] = update.ImpactSummary,
            ["team"] = update.TeamStatus,
            ["eta"] = update.NextUpdateBy is { } promise ? ZoneClock.InWords(promise - update.PostedAt) : null,
            ["next_update_by"] = update.NextUpdateBy is { } by ? clock.Near(by, update.PostedAt) : null,
            ["components"] = update.Affected.Count == 0 ? null
                : string.Join(", ", update.Affected.Select(component => $"{component.Name}: {Domain.Components.ComponentStatuses.Label(component.NewStatus).ToLowerInvariant()}")),
            ["tone"] = Badges.Badge.ColourOf(update.Phase.IsOver() ? Domain.Components.ComponentStatus.Operational : Tone(incident.Impact)),
            ["incident_url"] = address.Of($"/incidents/{incident.Id}"),
            ["manage_url"] = ManageMark,
            ["unsubscribe_url"] = UnsubscribeMark,
        };
        return await RenderAsync(page, subject, theme.Mails.UpdateHtml, theme.Mails.UpdateText, values, incident.Id);
    }

    public Task<MailDraft> NoticeAsync(Page page, AnnouncementKind kind)
    {
        var confirm = kind == AnnouncementKind.Confirmation;
        var subject = confirm ? $"Confirm your subscription to {page.Name} status" : $"You are subscribed to {page.Name} status";
        var values = new Dictionary<string, object?>
        {
            ["subject"] = subject,
            ["message"] = confirm
                ? $"Somebody, most likely you, asked for updates of {page.Name} status at this address. Confirm it, and you will be told when something breaks and when it works again."
                : $"Somebody, most likely you, asked for updates of {page.Name} status at this address. It gets them already; here you can change what you are told.",
            ["action"] = confirm ? "Confirm subscription" : "Manage subscription",
            ["action_url"] = confirm ? ConfirmMark : ManageMark,
            ["footnote"] = confirm ? "If it was not you, do nothing: without a confirmation nothing more is sent." : "If it was not you, do nothing: nothing changes.",
        };
        return RenderAsync(page, subject, theme.Mails.NoticeHtml, theme.Mails.NoticeText, values, null);
    }

    /// <summary>The message to one subscriber. The same announcement and subscriber always get the same Message-ID.</summary>
    public MimeMessage Finish(MailDraft draft, Page page, AnnouncementId announcement, SubscriberId subscriber, string email)
    {
        var manage = address.Of(SignedLink.PathFor(LinkPurpose.Manage, subscriber, page.LinkKey));
        var unsubscribe = address.Of(SignedLink.PathFor(LinkPurpose.Unsubscribe, subscriber, page.LinkKey));
        var confirm = address.Of(SignedLink.PathFor(LinkPurpose.Confirm, subscriber, page.LinkKey));
        var domain = settings.MailFrom.Domain;
        var message = new MimeMessage { Subject = draft.Subject, MessageId = $"{announcement}.{subscriber}@{domain}", Date = DateTimeOffset.UtcNow };
        message.From.Add(settings.MailFrom);
        message.To.Add(new MailboxAddress(null, email));
        message.Headers.Add("Auto-Submitted", "auto-generated");
        if (draft.Thread is { } incident)
        {
            // One conversation for each incident (RFC 5322, section 3.6.4).
            message.References.Add($"incident.{incident}@{domain}");
            message.Headers.Add(HeaderId.ListId, $"{MimeUtils.Quote(page.Name + " status")} <status.{page.Id}.{domain}>");
            // RFC 8058: one POST, no question asked.
            message.Headers.Add(HeaderId.ListUnsubscribe, $"<{unsubscribe}>");
            message.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        message.Body = new MultipartAlternative(Part("plain", Own(draft.Text)), Part("html", Own(draft.Html)));
        return message;

        string Own(string text) => text
            .Replace(ManageMark, manage, StringComparison.Ordinal)
            .Replace(UnsubscribeMark, unsubscribe, StringComparison.Ordinal)
            .Replace(ConfirmMark, confirm, StringComparison.Ordinal);
    }

    private static TextPart Part(string subtype, string text) =>
        new(subtype) { Text = text, ContentTransferEncoding = ContentEncoding.QuotedPrintable };

    private async Task<MailDraft> RenderAsync(Page page, string subject, IFluidTemplate html, IFluidTemplate text, Dictionary<string, object?> values, IncidentId? thread)
    {
        values["page"] = page.Name;
        values["color"] = theme.EmailTokens.ToDictionary(token => token.Key, token => (object)token.Value);
        return new(subject,
            await html.RenderAsync(new TemplateContext(values), HtmlEncoder.Default),
            await text.RenderAsync(new TemplateContext(values), NullEncoder.Default), thread);
    }

    private static Domain.Components.ComponentStatus Tone(Impact impact) => impact switch
    {
        Impact.Critical => Domain.Components.ComponentStatus.MajorOutage,
        Impact.Major => Domain.Components.ComponentStatus.PartialOutage,
        _ => Domain.Components.ComponentStatus.DegradedPerformance,
    };
}
