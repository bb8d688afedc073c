using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Subscriptions;

public sealed class SubscribersPage(Desk desk) : AdminPage(desk)
{
    private const int PerPage = 100;
    private Dictionary<ComponentId, string> _names = [];

    [FromQuery(Name = "page")]
    public int PageNumber { get; set; } = 1;

    [FromQuery]
    public string? Q { get; set; }

    public IReadOnlyList<Subscriber> Rows { get; private set; } = [];
    public bool HasMore { get; private set; }
    public string Audience { get; private set; } = "";

    public string NamesOf(IEnumerable<ComponentId> ids) => string.Join(", ", ids.Select(id => _names.GetValueOrDefault(id, "(removed)")));

    public Task OnGetAsync() => LoadAsync();

    public Task<IActionResult> OnPostRemoveAsync(string id) => AttemptAsync(MayPublish, async () =>
    {
        var subscriber = PublicId.LooksLikeOne(id) ? SubscriberId.Of(id) : default;
        if (await Db.Subscribers.Where(row => row.PageId == StatusPage.Id && row.Id == subscriber).ExecuteDeleteAsync(Cancel) > 0)
            await Desk.SaveAsync(StatusPage.Id, new(Actor, "subscriber.removed", id), Cancel);
        Done = "Removed.";
        return $"/admin/subscribers?q={Uri.EscapeDataString(Q ?? "")}";
    }, LoadAsync);

    private async Task LoadAsync()
    {
        PageNumber = Math.Clamp(PageNumber, 1, 1_000_000);
        var rows = await Db.Subscribers.AsNoTracking().Where(row => row.PageId == StatusPage.Id)
            .Where(Search.In<Subscriber>(row => row.Key, Q))
            .OrderByDescending(row => row.CreatedAt).Skip((PageNumber - 1) * PerPage).Take(PerPage + 1).ToListAsync(Cancel);
        HasMore = rows.Count > PerPage;
        Rows = rows.Take(PerPage).ToList();
        _names = await Db.Components.Where(row => row.PageId == StatusPage.Id).ToDictionaryAsync(row => row.Id, row => row.Name, Cancel);
        Audience = await Db.AudienceAsync(StatusPage.Id, Cancel);
    }
}
