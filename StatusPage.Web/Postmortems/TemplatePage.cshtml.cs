using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Postmortems;

/// <summary>The sections with which postmortems of the page begin.</summary>
[Authorize(Policy = Permissions.Manage)]
public sealed class PostmortemTemplatePage(ChangeWriter writer) : AdminPage(writer)
{
    private const string Here = "/admin/postmortem-template";

    [BindProperty]
    public string? Body { get; set; }

    [BindProperty]
    public int Version { get; set; }

    public bool IsOwn { get; private set; }

    public async Task OnGetAsync()
    {
        await LoadAsync();
        Body = (await Db.PostmortemTemplateAsync(StatusPage.Id, Cancel)).Body;
    }

    public Task<IActionResult> OnPostAsync() =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                var template = await Db.PostmortemTemplateAsync(StatusPage.Id, Cancel);
                if (template.Version != Version)
                    throw new RuleViolation("Somebody else changed the template while you wrote. Yours is still here: save again to replace theirs.");
                if (template.Version == 0)
                    Db.PostmortemTemplates.Add(template);
                template.Write(Body, Now);
                await Writer.SaveAsync(StatusPage.Id, new(Actor, "postmortemtemplate.edited", StatusPage.Name, Token, Here), Cancel);
                Done = Say["Saved. Postmortems that are begun from now on have these sections."];
                return Here;
            },
            LoadAsync
        );

    public Task<IActionResult> OnPostResetAsync() =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                if (await Db.PostmortemTemplates.FirstOrDefaultAsync(row => row.PageId == StatusPage.Id, Cancel) is { } own)
                {
                    Db.PostmortemTemplates.Remove(own);
                    await Writer.SaveAsync(StatusPage.Id, new(Actor, "postmortemtemplate.reset", StatusPage.Name), Cancel);
                }
                Done = Say["The template of the guide holds again."];
                return Here;
            },
            LoadAsync
        );

    private async Task LoadAsync()
    {
        Version = await Db.PostmortemTemplates.Where(row => row.PageId == StatusPage.Id).Select(row => row.Version).FirstOrDefaultAsync(Cancel);
        IsOwn = Version > 0;
        Token = NewToken();
    }
}
