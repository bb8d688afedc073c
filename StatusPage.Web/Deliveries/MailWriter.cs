using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Fluid;
using StatusPage.Domain;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Notices;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Hosting;
using StatusPage.Web.Maintenances;
using StatusPage.Web.Shared;
using StatusPage.Web.Subscriptions;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Deliveries;

/// <summary>Writes the mails: rendered and encoded once for each announcement, and finished for each recipient by <see cref="Letter"/>.</summary>
public sealed class MailWriter(Themes.Themes themes, PublicAddresses addresses, Settings settings)
{
    // Stand where each recipient's own tokens will be, in the order of MailDraft's purposes.
    private static readonly string[] Marks = ["TOKEN-OF-CONFIRM", "TOKEN-OF-MANAGE", "TOKEN-OF-UNSUBSCRIBE"];

    static MailWriter()
    {
        TemplateOptions.Default.MaxSteps = ThemeMails.MostSteps;
        TemplateOptions.Default.Filters.AddFilter("raw", (input, _, _) => new Fluid.Values.StringValue(input.ToStringValue(), encode: false));
    }

    /// <param name="audience">The group whose members get it; null for the public.</param>
    public async Task<MailDraft> UpdateAsync(Page page, Announcement announcement, Incident incident, IncidentUpdate update, Audience? audience = null)
    {
        var (subject, values) = Fill(page, incident, update, announcement.IsCorrection, audience);
        return await RenderAsync(page, subject, themes.Of(page.Theme).Mails.UpdateHtml, themes.Of(page.Theme).Mails.UpdateText, values, announcement.Id.Value, announcement.CreatedAt, incident.Id.Value);
    }

    /// <summary>A mail as it would be, for the one who writes it. Its personal links lead nowhere.</summary>
    public async Task<(string Subject, string Html, string Text)> PreviewAsync(Page page, Incident incident, IncidentUpdate update, Audience? audience = null)
    {
        var (subject, values) = Fill(page, incident, update, isCorrection: false, audience);
        foreach (var link in new[] { "incident_url", "manage_url", "unsubscribe_url" }) values[link] = addresses.Of(page.Location).Of("/");
        AddFrame(page, values);
        return (subject, await themes.Of(page.Theme).Mails.UpdateHtml.RenderAsync(new TemplateContext(values), HtmlEncoder.Default), await themes.Of(page.Theme).Mails.UpdateText.RenderAsync(new TemplateContext(values), NullEncoder.Default));
    }

    private (string Subject, Dictionary<string, object?> Values) Fill(Page page, Incident incident, IncidentUpdate update, bool isCorrection, Audience? audience)
    {
        var clock = ZoneClock.For(page.TimeZone);
        var subject = $"[{(audience is null ? page.Name : $"{page.Name}, {audience.Name}")}] {(isCorrection ? "Corrected: " : "")}{update.Phase.Label()}: {incident.Title}";
        return (subject, new()
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
            ["incident_url"] = audience is null ? addresses.Of(page.Location).Of($"/incidents/{incident.Id}") : GroupLink($"/incidents/{incident.Id}"),
            ["manage_url"] = audience is null ? Link(page, LinkPurpose.Manage) : GroupLink(""),
            ["audience"] = audience?.Name,
            ["unsubscribe_url"] = Link(page, LinkPurpose.Unsubscribe),
        });

        // What is the link to the choices of everybody else opens the group's page to its member.
        string GroupLink(string path) => addresses.Of(page.Location).Of($"/audiences/{audience.Slug}{path}?key={Marks[(int)LinkPurpose.Manage]}");
    }

    /// <param name="components">Names of those that will be under maintenance.</param>
    public Task<MailDraft> MaintenanceAsync(Page page, Announcement announcement, MaintenanceTold told, IReadOnlyList<string> components)
    {
        var clock = ZoneClock.For(page.TimeZone);
        var maintenance = told.Maintenance;
        var subject = $"[{page.Name}] Maintenance {told.Label.ToLowerInvariant()}: {maintenance.Title}";
        var values = new Dictionary<string, object?>
        {
            ["subject"] = subject,
            ["title"] = maintenance.Title,
            ["phase"] = told.Label,
            ["posted_at"] = clock.Time(told.At),
            ["body_html"] = Markdown.ToHtml(told.Body),
            ["body_text"] = Markdown.ToText(told.Body),
            ["preview"] = clock.Window(maintenance.ScheduledFor, maintenance.ScheduledUntil),
            ["window"] = clock.Window(maintenance.ScheduledFor, maintenance.ScheduledUntil),
            ["components"] = components.Count == 0 ? null : $"Affects {string.Join(", ", components)}",
            ["tone"] = Badges.Badge.ColourOf(told.Phase == Domain.Maintenances.MaintenancePhase.Completed ? Domain.Components.ComponentStatus.Operational : Domain.Components.ComponentStatus.UnderMaintenance),
            ["incident_url"] = addresses.Of(page.Location).Of($"/incidents/{maintenance.Id}"),
            ["manage_url"] = Link(page, LinkPurpose.Manage),
            ["unsubscribe_url"] = Link(page, LinkPurpose.Unsubscribe),
        };
        return RenderAsync(page, subject, themes.Of(page.Theme).Mails.UpdateHtml, themes.Of(page.Theme).Mails.UpdateText, values, announcement.Id.Value, announcement.CreatedAt, maintenance.Id.Value);
    }

    /// <param name="title">Of the incident that it was asked for alone.</param>
    public Task<MailDraft> NoticeAsync(Page page, Announcement announcement, string? endpoint, string? title)
    {
        var where = endpoint is null ? "this address" : $"the webhook {endpoint}";
        var what = title is null ? $"updates of {page.Name} status" : $"updates of the incident “{title}” at {page.Name}";
        var news = title is null ? "you will be told when something breaks and when it works again" : "you will be told what happens until it is over";
        var about = announcement.IncidentId is { } incident ? $"?incident={incident}" : "";
        var (subject, message, action, url, footnote) = announcement.Kind switch
        {
            AnnouncementKind.Confirmation => (
                $"Confirm your subscription to {page.Name} status",
                $"Somebody, most likely you, asked for {what} at {where}. Confirm it, and {news}.",
                "Confirm subscription", Link(page, LinkPurpose.Confirm), "If it was not you, do nothing: without a confirmation nothing more is sent."),
            AnnouncementKind.WebhookStopped => (
                $"Your webhook for {page.Name} status does not answer",
                $"Updates of {page.Name} status could not be delivered to the webhook {endpoint}, so it is not called any more. When it works again, subscribe it anew.",
                "Subscribe again", addresses.Of(page.Location).Of("/subscribe"), "Nothing more is sent until then."),
            _ => (
                $"You are subscribed to {page.Name} status",
                $"Somebody, most likely you, asked for updates of {page.Name} status at {where}. It gets them already; here you can change what you are told.",
                "Manage subscription", Link(page, LinkPurpose.Manage) + about, "If it was not you, do nothing: nothing changes."),
        };
        var values = new Dictionary<string, object?>
        {
            ["subject"] = subject, ["message"] = message, ["action"] = action, ["action_url"] = url, ["footnote"] = footnote,
        };
        return RenderAsync(page, subject, themes.Of(page.Theme).Mails.NoticeHtml, themes.Of(page.Theme).Mails.NoticeText, values, announcement.Id.Value, announcement.CreatedAt, null);
    }

    /// <summary>To somebody of the team; what it says is the notice's own.</summary>
    /// <param name="link">Where the button leads; null without one.</param>
    public Task<MailDraft> TeamAsync(Page page, Notice notice, string? link)
    {
        var values = new Dictionary<string, object?>
        {
            ["subject"] = notice.Subject, ["message"] = notice.Body, ["action"] = link is null ? null : notice.Action, ["action_url"] = link,
            ["footnote"] = $"You get this because you work on the status page of {page.Name}.",
        };
        // As long as any key, and of the characters that every server takes.
        var key = $"notice.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(notice.Key)).AsSpan(0, 16))}";
        return RenderAsync(page, notice.Subject, themes.Of(page.Theme).Mails.NoticeHtml, themes.Of(page.Theme).Mails.NoticeText, values, key, notice.CreatedAt, null);
    }

    private void AddFrame(Page page, Dictionary<string, object?> values)
    {
        values["page"] = page.Name;
        values["color"] = themes.Of(page.Theme).EmailTokens.ToDictionary(token => token.Key, token => (object)token.Value);
        values["dark"] = themes.Of(page.Theme).DarkEmailTokens.ToDictionary(token => token.Key, token => (object)token.Value);
    }

    private string Link(Page page, LinkPurpose purpose) => addresses.Of(page.Location).Of(SignedLink.PathOf(purpose) + Marks[(int)purpose]);

    private async Task<MailDraft> RenderAsync(Page page, string subject, IFluidTemplate html, IFluidTemplate text, Dictionary<string, object?> values, string key, DateTimeOffset date, string? thread)
    {
        AddFrame(page, values);
        if (values.GetValueOrDefault("message") is string message) values["paragraphs"] = message.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var body = EncodedBody.Of(
            await text.RenderAsync(new TemplateContext(values), NullEncoder.Default),
            await html.RenderAsync(new TemplateContext(values), HtmlEncoder.Default), Marks, SignedLink.TokenLength);
        return new(settings.MailFrom, subject, date, key, page, thread,
            addresses.Of(page.Location).Of(SignedLink.PathOf(LinkPurpose.Unsubscribe)), settings.MailReturnPath, body);
    }

    private static Domain.Components.ComponentStatus Tone(Impact impact) => impact switch
    {
        Impact.Critical => Domain.Components.ComponentStatus.MajorOutage,
        Impact.Major => Domain.Components.ComponentStatus.PartialOutage,
        _ => Domain.Components.ComponentStatus.DegradedPerformance,
    };
}
