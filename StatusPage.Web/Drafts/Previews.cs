using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Components;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Channels;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Hosting;
using StatusPage.Web.Incidents;
using StatusPage.Web.Postmortems;
using StatusPage.Web.Public;
using StatusPage.Web.Public.Feeds;
using StatusPage.Web.Shared;
using StatusPage.Web.Snapshot;

namespace StatusPage.Web.Drafts;

/// <summary>One channel's preview.</summary>
/// <param name="Frame">The address of a document shown in a frame; null when <paramref name="Text"/> is the whole preview.</param>
/// <param name="Left">How much room is left, in words.</param>
public sealed record PreviewTab(string Id, string Name, string? Frame, string? Text, string? Left = null, bool IsTooLong = false);

/// <param name="Reach">Who would be told.</param>
/// <param name="Lines">The other effects, in sentences.</param>
/// <param name="Problem">Why it could not be posted as it stands.</param>
/// <param name="Reached">The same, counted.</param>
public sealed record PreviewView(
    IReadOnlyList<PreviewTab> Tabs,
    string Reach,
    IReadOnlyList<string> Lines,
    string? Problem,
    string? SavedAt,
    Reach Reached
)
{
    /// <summary>What the button that posts does; null where the button stays as it is.</summary>
    public PostWords? Button { get; init; }
    public bool NeedsApproval { get; init; }
}

/// <summary>Previews of the typed input for every enabled channel, made by the code that sends it.</summary>
public sealed partial class Previews(
    ChangeWriter writer,
    Composer composer,
    PublicSite site,
    PageRenderer pages,
    MailWriter mails,
    ActionDesk actions,
    PublicAddress address,
    IEnumerable<IChannelSender> senders
)
{
    private const int MostEarlier = 3;

    public async Task<PreviewView> ShowAsync(
        Page page,
        IncidentId? about,
        ComposerInput input,
        ComposerChoices choices,
        Draft? draft,
        string actor,
        CancellationToken cancel
    )
    {
        var (told, update, imagined, restored, notes, problem) = await composer.ImagineAsync(page, about, input, choices, actor, cancel);
        var reach = await writer.Db.ReachAsync(page.Id, told.ComponentIds, about, cancel);
        var tabs = new List<PreviewTab>();
        if (update.IsPublic)
        {
            tabs.Add(Framed("page", "Page", null));
            var channels = update.Notifies ? update.Channels : ChannelSet.None;
            if (channels.Contains(Channel.Email))
                await AddMailAsync(null, "Email");
            tabs.Add(new("rss", "RSS", null, IncidentFeed.Preview(told.Title, UpdateView.Of(update), ZoneClock.For(page.TimeZone, writer.Now))));
            var news = News.Of(AnnouncementId.New(), page, told, update, address.Of($"/incidents/{told.Id}"));
            tabs.AddRange(
                from sender in senders.OfType<AccountSender>()
                where reach.Accounts.ContainsKey(sender.Channel) && channels.Contains(sender.Channel)
                orderby sender.Channel
                select Post(sender.Channel, sender.TextOf(news))
            );
        }
        foreach (var audience in choices.Audiences.Where(audience => update.AudienceIds.Contains(audience.Id)))
        {
            tabs.Add(Framed("page", $"{audience.Name}: page", audience.Id));
            if (update.Notifies && update.Channels.Contains(Channel.Email))
                await AddMailAsync(audience, $"{audience.Name}: email");
        }
        return new(
            tabs,
            reach.Sentence(imagined, choices.Audiences),
            [
                .. await ReturnsAsync(page.Id, told.Id, restored, choices, cancel),
                .. notes.Select(note => note.ToString()),
                .. about is null ? await EarlierAsync(told, cancel) : [],
            ],
            problem,
            draft is null ? null : ZoneClock.For(page.TimeZone, writer.Now).Time(draft.UpdatedAt),
            reach
        );

        PreviewTab Framed(string what, string name, AudienceId? audience) =>
            new(
                IdOf(what, audience),
                name,
                draft is null ? null : $"/admin/drafts/{draft.Id}/{what}?version={draft.Version}{(audience is { } id ? $"&audience={id}" : "")}",
                draft is null ? "Write a few words, and it shows here." : null
            );

        async Task AddMailAsync(Audience? audience, string name)
        {
            var mail = await mails.PreviewAsync(page, told, update.For(audience?.Id), audience);
            tabs.Add(Framed("mail", name, audience?.Id));
            tabs.Add(new(IdOf("text", audience?.Id), $"{name}, text", null, $"Subject: {mail.Subject}\n\n{mail.Text}"));
        }
    }

    /// <summary>The incident's page as an audience would see it.</summary>
    public async Task<byte[]?> PageAsync(Page page, IncidentId? about, ComposerInput input, AudienceId? audience, string actor, CancellationToken cancel)
    {
        var told = (await composer.ImagineAsync(page, about, input, await writer.Db.ChoicesAsync(page.Id, writer.Now, cancel), actor, cancel)).Incident;
        if (site.Current is not { } edition || IncidentView.Of(told, audience) is not { } view)
            return null;
        var html = Encoding.UTF8.GetString(await pages.RenderAsync("incidents/{id}", new(edition.Snapshot with { AsOf = writer.Now }, null, view)));
        // A preview runs no scripts; if they stayed in, each would be reported as blocked.
        return Encoding.UTF8.GetBytes(Script().Replace(html, ""));
    }

    public async Task<string> MailAsync(Page page, IncidentId? about, ComposerInput input, AudienceId? audience, string actor, CancellationToken cancel)
    {
        var choices = await writer.Db.ChoicesAsync(page.Id, writer.Now, cancel);
        var (told, update, _, _, _, _) = await composer.ImagineAsync(page, about, input, choices, actor, cancel);
        return (await mails.PreviewAsync(page, told, update.For(audience), choices.Audiences.FirstOrDefault(row => row.Id == audience))).Html;
    }

    /// <summary>What earlier incidents of the same components left to be done, for the writer alone.</summary>
    private async Task<IEnumerable<string>> EarlierAsync(Incident told, CancellationToken cancel) =>
        (await actions.OpenFromEarlierAsync(told, cancel))
            .Take(MostEarlier)
            .Select(row => $"Still open from “{row.Incident}”: {row.Item.Title}{(row.Item.Owner is { } owner ? $" ({owner})" : "")}.");

    /// <summary>What the end of the incident does to its components. A state that another open incident reports stays.</summary>
    private async Task<IReadOnlyList<string>> ReturnsAsync(
        PageId page,
        IncidentId ending,
        IReadOnlyList<ComponentId> restored,
        ComposerChoices choices,
        CancellationToken cancel
    )
    {
        if (restored.Count == 0)
            return [];
        var held = restored.ToDictionary(
            id => id,
            id => choices.States.HeldBy(id, but: ending).FirstOrDefault(other => other.Status != ComponentStatus.Operational)
        );
        var holders = held.Values.Where(other => other.Incident.Value is not null).Select(other => other.Incident).Distinct().ToList();
        var titles = await writer
            .Db.Incidents.AsNoTracking()
            .Where(row => row.PageId == page && holders.Contains(row.Id))
            .ToDictionaryAsync(row => row.Id, row => row.Title, cancel);
        return
        [
            .. from id in restored
            let name = choices.States.Find(id)?.Name ?? id.Value
            let other = held[id]
            select titles.TryGetValue(other.Incident, out var title)
                ? $"{name} stays at {other.Status.Label().ToLowerInvariant()}, as “{title}” says."
                : $"{name} goes back to operational.",
        ];
    }

    [GeneratedRegex("<script[^>]*></script>", RegexOptions.NonBacktracking)]
    private static partial Regex Script();

    private static string IdOf(string what, AudienceId? audience) => audience is { } id ? $"{what}-{id}" : what;

    private static PreviewTab Post(Channel channel, string text)
    {
        var (length, limit) = channel switch
        {
            Channel.X => (WeightedText.OnX(text), WeightedText.XLimit),
            Channel.Mastodon => (WeightedText.OnMastodon(text), WeightedText.MastodonLimit),
            Channel.Bluesky => (WeightedText.OnBluesky(text), WeightedText.BlueskyLimit),
            _ => (0, 0),
        };
        return new(channel.Code(), channel.Label(), null, text, limit == 0 ? null : $"{limit - length} of {limit} characters left", length > limit);
    }
}
