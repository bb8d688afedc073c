using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Components;

public sealed class EditComponentPage(Desk desk, ComponentDesk components) : AdminPage(desk)
{
    [FromRoute]
    public string Id { get; set; } = "";

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Description { get; set; }

    [BindProperty]
    public string? GroupId { get; set; }

    [BindProperty]
    public string? Status { get; set; }

    /// <summary>The state that the form was shown with. An incident may have changed it meanwhile; only a choice of its own is written.</summary>
    [BindProperty]
    public string? ShownStatus { get; set; }

    public Component Component { get; private set; } = null!;
    public IReadOnlyList<ComponentGroup> Groups { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync()) return NotFound();
        ShownStatus = Component.Status.Code();
        (Name, Description, GroupId, Status) = (Component.Name, Component.Description, Component.GroupId?.Value, Component.Status.Code());
        Token = NewToken();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync() => !await LoadAsync() ? NotFound() : await AttemptAsync(MayPublish, async () =>
    {
        var status = ComponentStatuses.Parse(Status) ?? throw new RuleViolation("Choose a state.", nameof(Status));
        await components.DescribeAsync(Component, Name, Description, GroupId, Status == ShownStatus ? Component.Status : status, Actor, Token, Cancel);
        Done = $"'{Component.Name}' is saved.";
        return "/admin/components";
    }, LoadAsync);

    public async Task<IActionResult> OnPostArchiveAsync() => !await LoadAsync() ? NotFound() : await AttemptAsync(MayPublish, async () =>
    {
        await components.ArchiveAsync(Component, archived: true, Actor, null, Cancel);
        Done = $"'{Component.Name}' is archived.";
        return "/admin/components";
    }, LoadAsync);

    private async Task<bool> LoadAsync()
    {
        if (await components.FindAsync(StatusPage.Id, Id, Cancel) is not { } component) return false;
        Component = component;
        Groups = await Db.ComponentGroups.AsNoTracking().Where(row => row.PageId == StatusPage.Id).OrderBy(row => row.Position).ToListAsync(Cancel);
        return true;
    }
}
