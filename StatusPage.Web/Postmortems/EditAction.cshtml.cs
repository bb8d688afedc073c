using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Postmortems;

/// <summary>One action item: its fields, its state, and the incidents that it would have prevented.</summary>
public sealed class EditActionPage(ChangeWriter writer, ActionDesk desk, IncidentDesk incidents, PostmortemDesk postmortems) : AdminPage(writer)
{
    private const int MostIncidents = 50;

    [FromRoute]
    public string Id { get; set; } = "";

    [BindProperty]
    public int Version { get; set; }

    [BindProperty]
    public ItemForm Form { get; set; } = new();

    public ActionItem Item { get; private set; } = null!;
    public Incident Incident { get; private set; } = null!;
    public IReadOnlyList<string> People { get; private set; } = [];

    /// <summary>Incidents that it would have prevented.</summary>
    public IReadOnlyList<(IncidentId Id, string Title)> Prevented { get; private set; } = [];

    /// <summary>Others that it may have.</summary>
    public IReadOnlyList<(IncidentId Id, string Title)> Others { get; private set; } = [];

    private string Address => $"{ActionsPage.List}/{Id}";

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        Form = ItemForm.Of(Item);
        return Page();
    }

    public Task<IActionResult> OnPostAsync() =>
        ActAsync(async item =>
        {
            if (item.Version != Version)
                throw new RuleViolation("Somebody else changed this item while you wrote. What you typed is still here: look, then save again.");
            Form.Write(item, Now);
            await desk.SaveAsync(item, "edited", Actor, Token, Cancel, Address);
            Done = Say["Saved."];
            return Address;
        });

    /// <param name="state">open, done or dropped.</param>
    public Task<IActionResult> OnPostMoveAsync(string? state) =>
        ActAsync(async item =>
        {
            var to = ActionItemStates.Parse(state) ?? throw new RuleViolation("Choose what becomes of it.");
            await desk.MoveAsync(item, to, Actor, Token, Cancel, Address);
            return Address;
        });

    /// <param name="would">False takes it back.</param>
    public Task<IActionResult> OnPostPreventAsync(string? incident, bool would) =>
        ActAsync(async item =>
        {
            var other = await incidents.FindAsync(StatusPage.Id, incident, Cancel) ?? throw new RuleViolation("Choose an incident.");
            await desk.PreventAsync(item, other, would, Actor, Token, Address, Cancel);
            return Address;
        });

    private async Task<IActionResult> ActAsync(Func<ActionItem, Task<string>> act) =>
        await desk.FindAsync(StatusPage.Id, Id, Cancel) is not { } item
            ? NotFound()
            : await AttemptAsync(
                MayDraft,
                () => act(item),
                async () =>
                {
                    await LoadAsync();
                    if (string.IsNullOrEmpty(Form.Title) && !Request.Form.ContainsKey("Form.Title"))
                        Form = ItemForm.Of(Item);
                }
            );

    private async Task<bool> LoadAsync()
    {
        if (await desk.FindAsync(StatusPage.Id, Id, Cancel) is not { } item)
            return false;
        (Item, Version, Token) = (item, item.Version, NewToken());
        Incident = await Db.Incidents.AsNoTracking().FirstAsync(row => row.Id == item.IncidentId, Cancel);
        People = await postmortems.ReviewersAsync(StatusPage.Id, "", Cancel);
        var prevented = await Db.Preventions.Where(row => row.ItemId == item.Id).Select(row => row.IncidentId).ToListAsync(Cancel);
        var known = await Db
            .Incidents.AsNoTracking()
            .Where(row => row.PageId == StatusPage.Id && row.DeletedAt == null && row.Id != item.IncidentId)
            .OrderByDescending(row => row.StartedAt)
            .Where(row => row.StartedAt > Incident.StartedAt || prevented.Contains(row.Id))
            .Take(MostIncidents)
            .Select(row => new { row.Id, row.Title })
            .ToListAsync(Cancel);
        Prevented = [.. known.Where(row => prevented.Contains(row.Id)).Select(row => (row.Id, row.Title))];
        Others = [.. known.Where(row => !prevented.Contains(row.Id)).Select(row => (row.Id, row.Title))];
        return true;
    }
}
