using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Postmortems;

/// <summary>The team's action items, what is due first on top.</summary>
public sealed class ActionsPage(ChangeWriter writer, ActionDesk desk) : AdminPage(writer)
{
    public const string List = "/admin/actions";
    private const int Most = 300;

    public static readonly (string Code, string Label)[] Views = [("open", "Open"), ("overdue", "Overdue"), ("mine", "Mine"), ("all", "All")];

    /// <summary>One of <see cref="Views"/>.</summary>
    public string Shown { get; private set; } = Views[0].Code;
    public string? Owner { get; private set; }
    public IReadOnlyList<ItemRow> Rows { get; private set; } = [];
    public bool IsCut { get; private set; }

    /// <summary>Everybody who owns an open item.</summary>
    public IReadOnlyList<string> Owners { get; private set; } = [];
    public DateOnly Today => Clock.DateOf(Now);

    /// <param name="show">One of <see cref="Views"/>.</param>
    public Task OnGetAsync(string? show, string? owner) => LoadAsync(show, owner);

    /// <summary>Says of an item that it is done.</summary>
    public Task<IActionResult> OnPostDoneAsync(string? id, string? show, string? owner) =>
        AttemptAsync(
            MayDraft,
            async () =>
            {
                var item = await desk.FindAsync(StatusPage.Id, id, Cancel) ?? throw new MissingException("There is no such action item.");
                if (await desk.MoveAsync(item, ActionItemState.Done, Actor, Token, Cancel))
                    Done = Say["'{0}' is done.", item.Title];
                return List + Query(ViewOf(show), owner);
            },
            () => LoadAsync(show, owner)
        );

    public static string Query(string show, string? owner) =>
        $"?show={show}{(string.IsNullOrEmpty(owner) ? "" : $"&owner={Uri.EscapeDataString(owner)}")}";

    private static string ViewOf(string? show) => Array.Exists(Views, view => view.Code == show) ? show! : Views[0].Code;

    private async Task LoadAsync(string? show, string? owner)
    {
        (Shown, Owner) = (ViewOf(show), string.IsNullOrWhiteSpace(owner) ? null : owner.Trim());
        Token = NewToken();
        var today = Today;
        var rows = Db.ItemsOf(StatusPage.Id);
        Owners = await rows.Where(row => row.Item.State == ActionItemState.Open && row.Item.Owner != null)
            .Select(row => row.Item.Owner!)
            .Distinct()
            .OrderBy(name => name)
            .ToListAsync(Cancel);
        if (Shown != "all")
            rows = rows.Where(row => row.Item.State == ActionItemState.Open);
        if (Shown == "overdue")
            rows = rows.Where(row => row.Item.DueOn < today);
        if ((Shown == "mine" ? Actor : Owner) is { } person)
        {
            // The stores do not agree on case, and owners are few.
            var known = await rows.Where(row => row.Item.Owner != null).Select(row => row.Item.Owner!).Distinct().ToListAsync(Cancel);
            var same = known.FindAll(name => string.Equals(name, person, StringComparison.OrdinalIgnoreCase));
            rows = rows.Where(row => same.Contains(row.Item.Owner!));
        }
        var found = await rows.OrderBy(row => row.Item.State)
            .ThenBy(row => row.Item.DueOn == null)
            .ThenBy(row => row.Item.DueOn)
            .ThenBy(row => row.Item.Priority)
            .ThenBy(row => row.Item.CreatedAt)
            .Take(Most + 1)
            .ToListAsync(Cancel);
        (Rows, IsCut) = ([.. found.Take(Most)], found.Count > Most);
    }
}
