using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using StatusPage.Domain.Pages;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Pages;

/// <summary>All pages of the installation; only the owners of the first page have access.</summary>
[Authorize(Policy = Permissions.Manage)]
public abstract class InstallationPage(ChangeWriter writer) : AdminPage(writer)
{
    [BindProperty]
    public string? Slug { get; set; }

    [BindProperty]
    public string? HostName { get; set; }

    // The framework would take it for a handler of an HTTP method PAGE.
    [Microsoft.AspNetCore.Mvc.RazorPages.NonHandler]
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if ((await Writer.PageAsync(Cancel)).IsFirst)
            await base.OnPageHandlerExecutionAsync(context, next);
        else
            context.Result = Forbid();
    }
}

public sealed class PagesPage(ChangeWriter writer, PageDesk pages, PublicAddresses addresses) : InstallationPage(writer)
{
    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? TimeZone { get; set; }

    public IReadOnlyList<Page> Pages { get; private set; } = [];

    public string AddressOf(Page page) => addresses.Of(page.Location).Of("/");

    public async Task OnGetAsync()
    {
        TimeZone = StatusPage.TimeZone;
        await LoadAsync();
    }

    public Task<IActionResult> OnPostAsync() =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                var page = await pages.CreateAsync(
                    StatusPage,
                    Name,
                    TimeZone,
                    PageLocation.Of(Slug, HostName),
                    User.FindFirstValue(ClaimTypes.NameIdentifier)!,
                    Actor,
                    Cancel
                );
                Done = Say["'{0}' is there. You are its owner: invite its people at its own desk.", page.Name];
                return $"/admin/pages/{page.Id}";
            },
            LoadAsync
        );

    private async Task LoadAsync() => Pages = await pages.AllAsync(Cancel);
}
