using Microsoft.AspNetCore.Mvc;
using StatusPage.Domain.Pages;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Pages;

public sealed class EditPagePage(ChangeWriter writer, PageDesk pages, PublicAddresses addresses) : InstallationPage(writer)
{
    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    public Page Edited { get; private set; } = null!;
    public string Address => addresses.Of(Edited.Location).Of("/");

    public async Task<IActionResult> OnGetAsync()
    {
        if (await pages.FindAsync(Id, Cancel) is not { } page)
            return NotFound();
        Edited = page;
        (Slug, HostName) = (page.Slug, page.HostName);
        return Page();
    }

    public Task<IActionResult> OnPostMoveAsync() =>
        ChangeAsync(page => pages.MoveAsync(StatusPage, page, PageLocation.Of(Slug, HostName), Actor, Cancel), Say["It is there from now on."]);

    public Task<IActionResult> OnPostCloseAsync() =>
        ChangeAsync(page => pages.CloseAsync(StatusPage, page, Actor, Cancel), Say["Closed. Nobody finds it any more; all that belongs to it is kept."]);

    public Task<IActionResult> OnPostOpenAsync() => ChangeAsync(page => pages.OpenAgainAsync(StatusPage, page, Actor, Cancel), Say["It is open again."]);

    private Task<IActionResult> ChangeAsync(Func<Page, Task> change, string done) =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                Edited = await FindAsync();
                await change(Edited);
                Done = done;
                return $"/admin/pages/{Id}";
            },
            async () => Edited = await FindAsync()
        );

    private async Task<Page> FindAsync() => await pages.FindAsync(Id, Cancel) ?? throw new MissingException($"There is no page '{Id}'.");
}
