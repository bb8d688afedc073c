using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Pages;

[Authorize(Policy = Permissions.Manage)]
public sealed class SettingsPage(ChangeWriter writer, PublicAddress address, Settings settings) : AdminPage(writer)
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

    /// <summary>What links in mails, feeds and badges begin with.</summary>
    public string Address => address.Root;

    /// <summary>Whether somebody said so; otherwise it is where the program listens.</summary>
    public bool AddressIsSet => settings.PublicUrl is not null || StatusPage.HostName is not null;

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

    /// <summary>Puts the list of first steps away, or shows it again.</summary>
    public Task<IActionResult> OnPostStepsAsync(bool away) =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                var page = await Db.Pages.FirstAsync(row => row.Id == StatusPage.Id, Cancel);
                page.PutStepsAway(away, Now);
                await Writer.SaveAsync(page.Id, new(Actor, away ? "steps.put-away" : "steps.shown", page.Name), Cancel);
                Done = away ? Say["The list is put away. Settings can show it again."] : null;
                return "/admin";
            },
            () =>
            {
                OnGet();
                return Task.CompletedTask;
            }
        );
}
