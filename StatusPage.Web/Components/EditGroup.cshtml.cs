using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Components;

public sealed class EditGroupPage(Desk desk) : AdminPage(desk)
{
    [FromRoute]
    public string Id { get; set; } = "";

    [BindProperty]
    public string? Name { get; set; }

    public ComponentGroup Group { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync()) return NotFound();
        Name = Group.Name;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync() => !await LoadAsync() ? NotFound() : await AttemptAsync(MayPublish, async () =>
    {
        Group.Rename(Name, Now);
        await Desk.PublishAsync(StatusPage.Id, new(Actor, "group.renamed", Group.Name), Cancel);
        return "/admin/components";
    }, LoadAsync);

    public async Task<IActionResult> OnPostRemoveAsync() => !await LoadAsync() ? NotFound() : await AttemptAsync(MayPublish, async () =>
    {
        Db.ComponentGroups.Remove(Group);
        await Desk.PublishAsync(StatusPage.Id, new(Actor, "group.removed", Group.Name), Cancel);
        Done = $"Group '{Group.Name}' is removed.";
        return "/admin/components";
    }, LoadAsync);

    private async Task<bool> LoadAsync()
    {
        if (!PublicId.LooksLikeOne(Id)) return false;
        var id = ComponentGroupId.Of(Id);
        if (await Db.ComponentGroups.FirstOrDefaultAsync(row => row.PageId == StatusPage.Id && row.Id == id, Cancel) is not { } group) return false;
        Group = group;
        return true;
    }
}
