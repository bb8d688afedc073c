using Microsoft.AspNetCore.Mvc;
using StatusPage.Domain.Components;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Components;

public sealed class EditGroupPage(ChangeWriter writer, ComponentDesk components) : AdminPage(writer)
{
    [FromRoute]
    public string Id { get; set; } = "";

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Description { get; set; }

    public ComponentGroup Group { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        (Name, Description) = (Group.Name, Group.Description);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync() =>
        !await LoadAsync()
            ? NotFound()
            : await AttemptAsync(
                MayPublish,
                async () =>
                {
                    await components.ChangeGroupAsync(Group, Name, Description, null, Actor, Cancel);
                    return "/admin/components";
                },
                LoadAsync
            );

    public async Task<IActionResult> OnPostRemoveAsync() =>
        !await LoadAsync()
            ? NotFound()
            : await AttemptAsync(
                MayPublish,
                async () =>
                {
                    await components.RemoveGroupAsync(Group, Actor, Cancel);
                    Done = Say["Group '{0}' is removed.", Group.Name];
                    return "/admin/components";
                },
                LoadAsync
            );

    private async Task<bool> LoadAsync()
    {
        if (await components.FindGroupAsync(StatusPage.Id, Id, Cancel) is not { } group)
            return false;
        Group = group;
        return true;
    }
}
