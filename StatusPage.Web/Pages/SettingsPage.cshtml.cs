using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Pages;

[Authorize(Policy = Permissions.Manage)]
public sealed class SettingsPage(ChangeWriter writer) : AdminPage(writer)
{
    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? TimeZone { get; set; }

    [BindProperty]
    public bool ShowsSeverity { get; set; }

    [BindProperty]
    public bool TakesSubscribers { get; set; }

    [BindProperty]
    public int PartialPercent { get; set; }

    [BindProperty]
    public string? Language { get; set; }

    [BindProperty]
    public int TakeBackSeconds { get; set; }

    public void OnGet() =>
        (TakeBackSeconds, PartialPercent, Language, Name, TimeZone, ShowsSeverity, TakesSubscribers) = (
            (int)StatusPage.TakeBack.TotalSeconds,
            StatusPage.PartialPercent,
            StatusPage.Language,
            StatusPage.Name,
            StatusPage.TimeZone,
            StatusPage.ShowsSeverity,
            StatusPage.TakesSubscribers
        );

    public Task<IActionResult> OnPostAsync() =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                var page = await Db.Pages.FirstAsync(row => row.Id == StatusPage.Id, Cancel);
                var checks = new Checks();
                checks.Try(() => page.Configure(Name, Zones.Checked(TimeZone), ShowsSeverity, Now));
                checks.Try(() => page.CountPartialOutage(PartialPercent, Now));
                checks.Try(() => page.SetLanguage(Language ?? page.Language, Now));
                checks.Try(() => page.LetTakeBack(TimeSpan.FromSeconds(TakeBackSeconds), Now));
                checks.Enforce();
                page.OpenSubscriptions(TakesSubscribers, Now);
                await Writer.PublishAsync(page.Id, new(Actor, "page.configured", page.Name), Cancel);
                Done = "Saved.";
                return "/admin/settings";
            },
            () => Task.CompletedTask
        );
}
