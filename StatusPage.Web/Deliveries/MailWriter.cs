using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Fluid;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Components;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Languages;
using StatusPage.Domain.Notices;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Maintenances;
using StatusPage.Web.Public.Feeds;
using StatusPage.Web.Readers;
using StatusPage.Web.Shared;
using StatusPage.Web.Subscriptions;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Deliveries;

/// <summary>Writes the mails: rendered and encoded once for each announcement, and completed for each recipient by <see cref="Letter"/>.</summary>
public sealed class MailWriter(ThemeCatalog themes, PublicAddresses addresses, MailRoutes routes, Settings settings, TimeProvider time)
{
    /// <summary>Letters of every language are not escaped.</summary>
    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    // Placeholders for each recipient's own tokens, in the order of MailContent's purposes.
    private static readonly string[] Marks = ["TOKEN-OF-CONFIRM", "TOKEN-OF-MANAGE", "TOKEN-OF-UNSUBSCRIBE"];

    static MailWriter()
    {
        ThemeMails.Bound(TemplateOptions.Default);
    }

    /// <param name="audience">The group whose members get it; null for the public.</param>
    /// <param name="spoken">The recipient's language.</param>
    public async Task<MailContent> UpdateAsync(
        Page page,
        Announcement announcement,
        Incident incident,
        IncidentUpdate update,
        SpokenLanguage spoken,
        Audience? audience = null
    )
    {
        var (subject, values) = Fill(page, incident, update, announcement.IsCorrection, audience, spoken);
        return await RenderAsync(
            page,
            spoken,
            subject,
            themes.Of(page).Mails.UpdateHtml,
            themes.Of(page).Mails.UpdateText,
            values,
            announcement.Id.Value,
            announcement.CreatedAt,
            incident.Id.Value
        );
    }

    /// <summary>A mail as it would be sent, for its writer. Its personal links lead nowhere.</summary>
    public async Task<(string Subject, string Html, string Text)> PreviewAsync(
        Page page,
        Incident incident,
        IncidentUpdate update,
        Audience? audience = null,
        SpokenLanguage? reader = null
    )
    {
        var spoken = reader ?? OfThePage(page);
        var (subject, values) = Fill(page, incident, update, isCorrection: false, audience, spoken);
        foreach (var link in new[] { "incident_url", "manage_url", "unsubscribe_url" })
            values[link] = addresses.Of(page.Location).Of("/");
        AddFrame(page, spoken, values);
        return (
            subject,
            await ThemeMails.RenderAsync(themes.Of(page).Mails.UpdateHtml, ContextOf(values, spoken), Html),
            await ThemeMails.RenderAsync(themes.Of(page).Mails.UpdateText, ContextOf(values, spoken), NullEncoder.Default)
        );
    }

    private (string Subject, Dictionary<string, object?> Values) Fill(
        Page page,
        Incident incident,
        IncidentUpdate update,
        bool isCorrection,
        Audience? audience,
        SpokenLanguage spoken
    )
    {
        var say = Words.Of(spoken.Language);
        var clock = ZoneClock.For(page.TimeZone, time.GetUtcNow(), say);
        var words = update.In(spoken.Language.Code);
        var (body, impact, team) = (words?.Body ?? update.Body, words?.ImpactSummary ?? update.ImpactSummary, words?.TeamStatus ?? update.TeamStatus);
        var title =
            incident
                .Updates.OrderByDescending(other => other.Number)
                .Select(other => other.In(spoken.Language.Code)?.Title)
                .FirstOrDefault(known => known is not null)
            ?? incident.Title;
        var address = addresses.Of(page.Location).In(spoken);
        var label = say[isCorrection ? "Correction" : incident.LabelOf(update)];
        var subject = $"[{(audience is null ? page.Name : $"{page.Name}, {audience.Name}")}] {label}: {title}";
        // A theme's own mail template includes it too, as part of the body.
        var correction = isCorrection ? CorrectionText.Of(update, clock) : null;
        return (
            subject,
            new()
            {
                ["subject"] = subject,
                ["title"] = title,
                ["phase"] = label,
                ["severity"] = page.ShowsSeverity ? incident.Severity?.Code() : null,
                ["posted_at"] = clock.Time(update.PostedAt),
                ["body_html"] = Markdown.Away(correction?.Html(body) ?? Markdown.ToHtml(body), address.Root),
                ["body_text"] = correction?.Plain(body) ?? Markdown.ToText(body),
                ["preview"] = impact ?? Markdown.ToText(body),
                ["impact"] = impact,
                ["team"] = team,
                ["eta"] = update.NextUpdateBy is { } promise ? ZoneClock.InWords(promise - update.PostedAt, say) : null,
                ["next_update_by"] = update.NextUpdateBy is { } by ? clock.Near(by, update.PostedAt) : null,
                ["components"] =
                    update.Affected.Count == 0
                        ? null
                        : string.Join(", ", update.Affected.Select(component => $"{component.Name}: {say.Within(component.NewStatus.Label())}")),
                ["tone"] = ToneOf(page, incident.ToneOf(update)),
                ["tone_dark"] = DarkToneOf(page, incident.ToneOf(update)),
                ["incident_url"] = audience is null ? address.Of($"/incidents/{incident.Id}") : GroupLink($"/incidents/{incident.Id}"),
                ["manage_url"] = audience is null ? Link(page, spoken, SignedLinkPurpose.Manage) : GroupLink(""),
                ["audience"] = audience?.Name,
                ["unsubscribe_url"] = Link(page, spoken, SignedLinkPurpose.Unsubscribe),
            }
        );

        // For a group's member, the link that otherwise leads to a subscriber's choices opens the group's page.
        string GroupLink(string path) => address.Of($"/audiences/{audience.Slug}{path}?key={Marks[(int)SignedLinkPurpose.Manage]}");
    }

    /// <param name="components">The names of the components that will be under maintenance.</param>
    public Task<MailContent> MaintenanceAsync(
        Page page,
        Announcement announcement,
        MaintenanceTold told,
        SpokenLanguage spoken,
        IReadOnlyList<string> components
    )
    {
        var (subject, values) = Fill(page, told, spoken, components);
        var now = time.GetUtcNow();
        return RenderAsync(
            page,
            spoken,
            subject,
            themes.Of(page).Mails.UpdateHtml,
            themes.Of(page).Mails.UpdateText,
            values,
            announcement.Id.Value,
            announcement.CreatedAt,
            told.Maintenance.Id.Value,
            CalendarFeed.Of(
                MaintenanceView.Of(told.Maintenance, told.Series, now),
                page.Name,
                page.TimeZone,
                components,
                addresses.Of(page.Location).In(spoken),
                Words.Of(spoken.Language)
            )
        );
    }

    /// <summary>The mail that a maintenance would be announced by, for whoever plans it. Its personal links lead nowhere.</summary>
    public async Task<(string Subject, string Text)> PreviewAsync(Page page, MaintenanceTold told, IReadOnlyList<string> components)
    {
        var spoken = OfThePage(page);
        var (subject, values) = Fill(page, told, spoken, components);
        foreach (var link in new[] { "incident_url", "manage_url", "unsubscribe_url" })
            values[link] = addresses.Of(page.Location).Of("/");
        AddFrame(page, spoken, values);
        return (subject, await ThemeMails.RenderAsync(themes.Of(page.Theme).Mails.UpdateText, ContextOf(values, spoken), NullEncoder.Default));
    }

    private (string Subject, Dictionary<string, object?> Values) Fill(
        Page page,
        MaintenanceTold told,
        SpokenLanguage spoken,
        IReadOnlyList<string> components
    )
    {
        var say = Words.Of(spoken.Language);
        var clock = ZoneClock.For(page.TimeZone, time.GetUtcNow(), say);
        var maintenance = told.Maintenance;
        var subject = $"[{page.Name}] {say[$"Maintenance {told.Label.ToLowerInvariant()}"]}: {maintenance.Title}";
        // The program's own sentence before the writer's words.
        var body = string.Join("\n\n", told.Body.Split("\n\n").Select(paragraph => say[paragraph]));
        return (
            subject,
            new()
            {
                ["subject"] = subject,
                ["title"] = maintenance.Title,
                ["phase"] = say[told.Label],
                ["posted_at"] = clock.Time(told.At),
                ["body_html"] = Markdown.Away(Markdown.ToHtml(body), addresses.Of(page.Location).Root),
                ["body_text"] = Markdown.ToText(body),
                ["preview"] = clock.Window(maintenance.ScheduledFor, maintenance.ScheduledUntil),
                ["window"] = clock.Window(maintenance.ScheduledFor, maintenance.ScheduledUntil),
                ["components"] = components.Count == 0 ? null : $"{say["Affects"]} {string.Join(", ", components)}",
                ["tone"] = ToneOf(page, told.Tone),
                ["tone_dark"] = DarkToneOf(page, told.Tone),
                ["incident_url"] = addresses.Of(page.Location).In(spoken).Of($"/incidents/{maintenance.Id}"),
                ["manage_url"] = Link(page, spoken, SignedLinkPurpose.Manage),
                ["unsubscribe_url"] = Link(page, spoken, SignedLinkPurpose.Unsubscribe),
            }
        );
    }

    /// <param name="title">The title of the incident that alone was subscribed to.</param>
    public Task<MailContent> NoticeAsync(Page page, Announcement announcement, SpokenLanguage spoken, string? endpoint, string? title)
    {
        var say = Words.Of(spoken.Language);
        var about = announcement.IncidentId is { } incident ? $"?incident={incident}" : "";
        var (notice, url) = announcement.Kind switch
        {
            AnnouncementKind.WebhookStopped => (
                new SubscriptionNotice(
                    say["Your webhook for {0} status does not answer", page.Name],
                    say[
                        "Updates of {0} status could not be delivered to the webhook {1}, so it is not called any more. "
                            + "When it works again, subscribe it anew.",
                        page.Name,
                        endpoint
                    ],
                    say["Subscribe again"],
                    say["Nothing more is sent until then."]
                ),
                addresses.Of(page.Location).In(spoken).Of("/subscribe")
            ),
            var kind => (
                SubscriptionNotice.Of(kind, page, say, endpoint is null ? say["this address"] : say["the webhook {0}", endpoint], title),
                kind == AnnouncementKind.Confirmation
                    ? Link(page, spoken, SignedLinkPurpose.Confirm)
                    : Link(page, spoken, SignedLinkPurpose.Manage) + about
            ),
        };
        var values = new Dictionary<string, object?>
        {
            ["subject"] = notice.Subject,
            ["message"] = notice.Message,
            ["action"] = notice.Action,
            ["action_url"] = url,
            ["footnote"] = notice.Footnote,
        };
        return RenderAsync(
            page,
            spoken,
            notice.Subject,
            themes.Of(page).Mails.NoticeHtml,
            themes.Of(page).Mails.NoticeText,
            values,
            announcement.Id.Value,
            announcement.CreatedAt,
            null
        );
    }

    /// <summary>A mail to a member of the team, or with the link of a reader; the notice has the whole text.</summary>
    /// <param name="link">Where the button leads; null without a button.</param>
    public Task<MailContent> TeamAsync(Page page, SpokenLanguage spoken, Notice notice, string? link)
    {
        var reader = ReaderMail.LanguageOf(notice);
        if (reader is not null)
            spoken = new(reader, IsInAddress: false);
        var say = Words.Of(spoken.Language);
        var values = new Dictionary<string, object?>
        {
            ["subject"] = notice.Subject,
            ["message"] = notice.Body,
            ["action"] = link is null ? null : notice.Action,
            ["action_url"] = link,
            ["footnote"] = reader is null
                ? say["You get this because you work on the status page of {0}.", page.Name]
                : say["If it was not you, do nothing: nothing changes."],
        };
        // As long as any other key, and made of characters that every server accepts.
        var key = $"notice.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(notice.Key)).AsSpan(0, 16))}";
        return RenderAsync(
            page,
            spoken,
            notice.Subject,
            themes.Of(page).Mails.NoticeHtml,
            themes.Of(page).Mails.NoticeText,
            values,
            key,
            notice.CreatedAt,
            null
        );
    }

    /// <summary>A mail by which an owner sees that mails arrive, and how they look.</summary>
    public Task<MailContent> TestAsync(Page page, DateTimeOffset now) =>
        RenderAsync(
            page,
            new(Language.English, IsInAddress: false),
            $"[{page.Name}] This is a test",
            themes.Of(page).Mails.NoticeHtml,
            themes.Of(page).Mails.NoticeText,
            new()
            {
                ["subject"] = $"[{page.Name}] This is a test",
                ["message"] = $"Mails of {page.Name} status arrive. This is how they look.",
                ["action"] = "Open the desk",
                ["action_url"] = addresses.Of(page.Location).Of("/admin"),
                ["footnote"] = "You get this because you asked for it at the desk.",
            },
            $"test.{Guid.NewGuid():n}",
            now,
            null
        );

    /// <summary>The language for recipients who chose none.</summary>
    public static SpokenLanguage OfThePage(Page page) => new(Language.Find(page.Language) ?? Language.English, IsInAddress: false);

    private static TemplateContext ContextOf(Dictionary<string, object?> values, SpokenLanguage spoken) =>
        new(values) { AmbientValues = { [nameof(Words)] = Words.Of(spoken.Language) }, CultureInfo = Words.Of(spoken.Language).Culture };

    /// <summary>The state's colour on the page, so that it can be read as a word and seen as a bar.</summary>
    private string ToneOf(Page page, ComponentStatus tone) => themes.Of(page).Light[tone.Code()].ToString();

    private string DarkToneOf(Page page, ComponentStatus tone) => themes.Of(page).Dark[tone.Code()].ToString();

    private void AddFrame(Page page, SpokenLanguage spoken, Dictionary<string, object?> values)
    {
        values["lang"] = spoken.Language.Code;
        values["dir"] = spoken.Language.IsRightToLeft ? "rtl" : "ltr";
        values["page"] = page.Name;
        var (theme, brand) = (themes.Of(page), page.Brand);
        values["logo"] = Picture(page, brand.Logo, theme.Logo);
        values["logo_dark"] = brand.Logo is null || brand.DarkLogo is not null ? Picture(page, brand.DarkLogo, theme.DarkLogo) : null;
        values["icon"] = Picture(page, brand.Icon, theme.Favicon);
        values["color"] = themes.Of(page).EmailTokens.ToDictionary(token => token.Key, token => (object)token.Value);
        values["dark"] = themes.Of(page).DarkEmailTokens.ToDictionary(token => token.Key, token => (object)token.Value);
    }

    /// <summary>Mails load it from the page; those that show no pictures say the page's name. They take no SVG.</summary>
    private string? Picture(Page page, string? file, ThemeFile? otherwise) =>
        (file is null ? otherwise?.Address : "/assets/" + file) is { } address && Themes.Picture.IsRaster(address)
            ? addresses.Of(page.Location).Of(address)
            : null;

    private string Link(Page page, SpokenLanguage spoken, SignedLinkPurpose purpose) =>
        addresses.Of(page.Location).In(spoken).Of(SignedLink.PathOf(purpose) + Marks[(int)purpose]);

    private async Task<MailContent> RenderAsync(
        Page page,
        SpokenLanguage spoken,
        string subject,
        IFluidTemplate html,
        IFluidTemplate text,
        Dictionary<string, object?> values,
        string key,
        DateTimeOffset date,
        string? thread,
        byte[]? calendar = null
    )
    {
        AddFrame(page, spoken, values);
        if (values.GetValueOrDefault("message") is string message)
            values["paragraphs"] = message.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var body = EncodedBody.Of(
            await ThemeMails.RenderAsync(text, ContextOf(values, spoken), NullEncoder.Default),
            await ThemeMails.RenderAsync(html, ContextOf(values, spoken), Html),
            Marks,
            SignedLink.TokenLength,
            calendar
        );
        return new(
            (await routes.FindAsync(CancellationToken.None)).Of(page),
            subject,
            date,
            key,
            page,
            thread,
            addresses.Of(page.Location).Of(SignedLink.PathOf(SignedLinkPurpose.Unsubscribe)),
            settings.MailReturnPath,
            body
        );
    }
}
