using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Subscriptions;

public sealed class SubscribersPage(ChangeWriter writer, SubscriptionDesk subscriptions) : AdminPage(writer)
{
    private const int PerPage = 100;
    private static readonly string[] Columns = ["email", "components", "channel", "endpoint", "state", "reason", "created at", "confirmed at", "ended at"];
    private Dictionary<ComponentId, string> _names = [];

    [FromQuery(Name = "page")]
    public int PageNumber { get; set; } = 1;

    [FromQuery]
    public string? Q { get; set; }

    /// <summary>One of <see cref="SubscriptionState"/>, in lower case; empty: all.</summary>
    [FromQuery]
    public string? State { get; set; }

    /// <summary>The code of a channel; empty: all.</summary>
    [FromQuery(Name = "channel")]
    public string? ChannelCode { get; set; }

    public IReadOnlyList<Subscriber> Rows { get; private set; } = [];
    public bool HasMore { get; private set; }
    public string Audience { get; private set; } = "";
    public IReadOnlyDictionary<SubscriptionState, int> Counts { get; private set; } = new Dictionary<SubscriptionState, int>();
    public bool IsFiltered => !string.IsNullOrWhiteSpace(Q) || !string.IsNullOrEmpty(State) || !string.IsNullOrEmpty(ChannelCode);

    /// <summary>What a row wants, in words.</summary>
    public string WishOf(Subscriber row)
    {
        if (row.WantsEverything)
            return Say["everything"];
        var names = row.ComponentIds.Select(id => _names.GetValueOrDefault(id) ?? Say["(removed)"]).ToList();
        if (row.IncidentIds.Count > 0)
            names.Add(Say.Count(row.IncidentIds.Count, "one incident", "{0} incidents"));
        return string.Join(", ", names);
    }

    /// <summary>The address of this list with another page, or none of its filters.</summary>
    public string Link(int page) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"/admin/subscribers?state={State}&channel={ChannelCode}&q={Uri.EscapeDataString(Q ?? "")}&page={page}"
        );

    public Task OnGetAsync() => LoadAsync();

    /// <summary>In the form that the import reads, with more columns beside it.</summary>
    public async Task<IActionResult> OnGetExportAsync()
    {
        if (!MayManage)
            return Forbid();
        await Writer.SaveAsync(StatusPage.Id, new(Actor, "subscriber.exported", "all"), Cancel);
        var slugs = await Db.Components.Where(row => row.PageId == StatusPage.Id).ToDictionaryAsync(row => row.Id, row => row.Slug, Cancel);
        var rows = Db.Subscribers.AsNoTracking().Where(row => row.PageId == StatusPage.Id).OrderBy(row => row.Id).AsAsyncEnumerable();
        await Csv.WriteAsync(
            Response,
            $"subscribers-{ZoneClock.Machine(Now)[..10]}.csv",
            Columns,
            rows,
            row =>
                [
                    row.Email,
                    string.Join(' ', row.ComponentIds.Where(slugs.ContainsKey).Select(id => slugs[id])),
                    row.Channel.Code(),
                    row.Endpoint,
                    row.State.ToString().ToLowerInvariant(),
                    row.SuppressedFor,
                    ZoneClock.Machine(row.CreatedAt),
                    At(row.ConfirmedAt),
                    At(row.EndedAt),
                ],
            Cancel
        );
        return new EmptyResult();

        static string? At(DateTimeOffset? instant) => instant is { } at ? ZoneClock.Machine(at) : null;
    }

    public Task<IActionResult> OnPostRemoveAsync(string id) =>
        AttemptAsync(
            MayPublish,
            async () =>
            {
                if (PublicId.LooksLikeOne(id))
                    await subscriptions.RemoveAsync(StatusPage.Id, SubscriberId.Of(id), Actor, Cancel);
                Done = Say["Removed."];
                return Link(1);
            },
            LoadAsync
        );

    private async Task LoadAsync()
    {
        PageNumber = Math.Clamp(PageNumber, 1, 1_000_000);
        var found = Db.Subscribers.AsNoTracking().Where(row => row.PageId == StatusPage.Id).Find(Q, inFull: MayPublish);
        if (Enum.TryParse<SubscriptionState>(State, ignoreCase: true, out var state))
            found = found.Where(row => row.State == state);
        if (ChannelKinds.Parse(ChannelCode) is { } channel)
            found = found.Where(row => row.Channel == channel);
        var rows = await found
            .OrderByDescending(row => row.CreatedAt)
            .ThenByDescending(row => row.Id)
            .Skip((PageNumber - 1) * PerPage)
            .Take(PerPage + 1)
            .ToListAsync(Cancel);
        HasMore = rows.Count > PerPage;
        Rows = rows.Take(PerPage).ToList();
        _names = await Db.Components.Where(row => row.PageId == StatusPage.Id).ToDictionaryAsync(row => row.Id, row => row.Name, Cancel);
        Counts = await Db
            .Subscribers.Where(row => row.PageId == StatusPage.Id)
            .GroupBy(row => row.State)
            .Select(group => new { State = group.Key, Count = group.Count() })
            .ToDictionaryAsync(row => row.State, row => row.Count, Cancel);
        Audience = await Db.AudienceAsync(StatusPage.Id, Cancel);
    }
}
