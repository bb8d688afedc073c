using System.Globalization;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Components;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Languages;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Components;
using StatusPage.Web.Data;
using StatusPage.Web.Languages;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Web.Incidents;

/// <summary>The choices that the composer offers.</summary>
public sealed record ComposerChoices(
    ComponentStates States,
    IReadOnlyList<Channel> Channels,
    IReadOnlyList<Audience> Audiences,
    IReadOnlyList<Template> Templates,
    IReadOnlyList<SeverityRule> Rules,
    IReadOnlyList<ComponentGroup> Groups,
    Language Speaks
)
{
    /// <summary>The components that are shown, in the order of the page.</summary>
    public IReadOnlyList<Component> Components { get; } = [.. States.Components.Where(component => component.ArchivedAt is null)];

    public SeverityRule? RuleOf(Severity? severity) => Rules.FirstOrDefault(rule => rule.Severity == severity);
}

/// <summary>Who would be told, by channel, and the members of each group.</summary>
public sealed record Reach(
    IReadOnlyDictionary<Channel, int> Subscribers,
    IReadOnlyDictionary<Channel, int> Accounts,
    IReadOnlyDictionary<AudienceId, int> Members
)
{
    /// <summary>"Goes to the page, the feeds, 1,204 by email, 12 webhooks, Slack, X."</summary>
    public string Sentence(UpdateContent draft, IReadOnlyList<Audience> audiences)
    {
        var pages = audiences.Where(audience => draft.AudienceIds.Contains(audience.Id)).Select(audience => $"the page of {audience.Name}");
        return $"Goes to {string.Join(", ", (draft.IsPublic ? ["the page", "the feeds"] : pages).Append(InWords(draft, audiences)))}.";
    }

    /// <summary>"the page, 1,204 mails, Slack": where it goes, for a button, of many places the first.</summary>
    public string Goal(UpdateContent draft, IReadOnlyList<Audience> audiences, Words say)
    {
        var mails = draft.IsPublic ? Subscribers.GetValueOrDefault(Channel.Email) : 0;
        mails += draft.AudienceIds.Sum(id => Members.GetValueOrDefault(id));
        List<string> places =
        [
            .. draft.IsPublic
                ? [say["the page"]]
                : audiences.Where(one => draft.AudienceIds.Contains(one.Id)).Select(one => say["the page of {0}", one.Name]),
        ];
        if (!draft.Notifies)
            return say["{0}, and tell nobody", string.Join(", ", places)];
        if (draft.Channels.Contains(Channel.Email) && mails > 0)
            places.Add(mails == 1 ? say["1 mail"] : say["{0} mails", Number(mails)]);
        if (draft.IsPublic)
        {
            if (Count(Channel.Webhook) is > 0 and var hooks)
                places.Add(hooks == 1 ? say["1 webhook"] : say["{0} webhooks", Number(hooks)]);
            if (Count(Channel.WebPush) is > 0 and var browsers)
                places.Add(browsers == 1 ? say["1 browser"] : say["{0} browsers", Number(browsers)]);
            places.AddRange(Accounts.Keys.Where(channel => draft.Channels.Contains(channel)).Order().Select(channel => channel.Label()));
        }
        return places.Count <= MostPlaces
            ? string.Join(", ", places)
            : say["{0} and {1} more", string.Join(", ", places.Take(MostPlaces - 1)), places.Count - MostPlaces + 1];

        int Count(Channel channel) => draft.Channels.Contains(channel) ? Subscribers.GetValueOrDefault(channel) : 0;
    }

    /// <summary>Places on a button.</summary>
    private const int MostPlaces = 4;

    /// <summary>"1,204 by email, 12 webhooks, 3 browsers, Slack, X".</summary>
    public string InWords(UpdateContent draft, IReadOnlyList<Audience> audiences)
    {
        if (!draft.Notifies)
            return "and nobody is told, as it is posted silently";
        var parts = new List<string>();
        if (draft.IsPublic)
        {
            if (draft.Channels.Contains(Channel.Email))
                parts.Add($"{Number(Subscribers.GetValueOrDefault(Channel.Email))} by email");
            Add(Channel.Webhook, "webhook");
            Add(Channel.WebPush, "browser");
            parts.AddRange(
                Accounts
                    .Where(row => draft.Channels.Contains(row.Key))
                    .OrderBy(row => row.Key)
                    .Select(row => row.Value == 1 ? row.Key.Label() : $"{row.Key.Label()} ({row.Value})")
            );
        }
        if (draft.Channels.Contains(Channel.Email))
            parts.AddRange(
                audiences
                    .Where(audience => draft.AudienceIds.Contains(audience.Id))
                    .Select(audience => $"{Number(Members.GetValueOrDefault(audience.Id))} of {audience.Name}")
            );
        return parts.Count == 0 ? "and nobody is told, as no channel is chosen" : string.Join(", ", parts);

        void Add(Channel channel, string one)
        {
            if (draft.Channels.Contains(channel) && Subscribers.TryGetValue(channel, out var count))
                parts.Add(count == 1 ? $"1 {one}" : $"{Number(count)} {one}s");
        }
    }

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

internal static class ComposerQueries
{
    public static async Task<ComposerChoices> ChoicesAsync(this StatusDb db, PageId page, DateTimeOffset now, CancellationToken cancel)
    {
        var channels = await db.ChannelAccounts.Where(row => row.PageId == page && row.IsOn).Select(row => row.Channel).Distinct().ToListAsync(cancel);
        return new(
            await db.StatesAsync(page, now, cancel),
            [.. channels.Append(Channel.Email).Append(Channel.Webhook).Distinct().Order()],
            await db.Audiences.AsNoTracking().Where(row => row.PageId == page && row.ClosedAt == null).OrderBy(row => row.Name).ToListAsync(cancel),
            await db.Templates.AsNoTracking().Where(row => row.PageId == page).OrderBy(row => row.Name).ToListAsync(cancel),
            await db.SeverityRulesAsync(page, cancel),
            await db.ComponentGroups.AsNoTracking().Where(row => row.PageId == page).OrderBy(row => row.Position).ToListAsync(cancel),
            Language.Find(await db.Pages.Where(row => row.Id == page).Select(row => row.Language).FirstAsync(cancel)) ?? Language.English
        );
    }

    /// <param name="touched">The affected components, which decide who wants to hear of it.</param>
    /// <param name="incident">Null for one that is not open yet, which nobody can follow.</param>
    public static async Task<Reach> ReachAsync(
        this StatusDb db,
        PageId page,
        IEnumerable<ComponentId> touched,
        IncidentId? incident,
        CancellationToken cancel
    )
    {
        // The same conditions as in the fan-out, counted.
        var parameters = new List<object> { page.Value, (int)SubscriptionState.Confirmed };
        var wanted = "\"WantsEverything\"";
        foreach (var component in touched)
            Or("ComponentIds", component.Value);
        if (incident is { } about)
            Or("IncidentIds", about.Value);
        var sql = $$"""
            SELECT "Channel", CAST(COUNT(*) AS INTEGER) AS "Count" FROM "Subscribers"
            WHERE "PageId" = {0} AND "State" = {1} AND "AudienceId" IS NULL AND ({{wanted}}) GROUP BY "Channel"
            """;
        var subscribers = await db.Database.SqlQueryRaw<CountRow>(sql, [.. parameters]).ToListAsync(cancel);
        var accounts = await db
            .ChannelAccounts.Where(row => row.PageId == page && row.IsOn && row.Channel != Channel.WebPush)
            .GroupBy(row => row.Channel)
            .Select(group => new { Channel = group.Key, Count = group.Count() })
            .ToDictionaryAsync(row => row.Channel, row => row.Count, cancel);
        var members = await db
            .Subscribers.WithMembers()
            .Where(row => row.PageId == page && row.State == SubscriptionState.Confirmed && row.AudienceId != null)
            .GroupBy(row => row.AudienceId!.Value)
            .Select(group => new { Audience = group.Key, Count = group.Count() })
            .ToDictionaryAsync(row => row.Audience, row => row.Count, cancel);
        return new(subscribers.ToDictionary(row => (Channel)row.Channel, row => row.Count), accounts, members);

        void Or(string column, string id)
        {
            wanted += $$""" OR "{{column}}" LIKE {{{parameters.Count}}}""";
            parameters.Add($"% {id} %");
        }
    }

    /// <summary>The subscribers who would be told of everything.</summary>
    public static async Task<string> AudienceAsync(this StatusDb db, PageId page, CancellationToken cancel) =>
        (await db.ReachAsync(page, [], null, cancel)).InWords(new() { Phase = Phase.Investigating, Body = "" }, []);

    private sealed record CountRow(int Channel, int Count);
}
