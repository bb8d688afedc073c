using Microsoft.AspNetCore.Mvc;
using StatusPage.Web.Data;
using StatusPage.Web.Drafts;

namespace StatusPage.Web.Incidents;

public sealed class NewIncidentPage(Desk desk, IncidentDesk incidents, Composer composer, Previews previews) : ComposerPage(desk, composer, previews)
{
    protected override string Address => "/admin/incidents/new";

    public async Task<IActionResult> OnGetAsync(string? draft)
    {
        if (!MayDraft) return Forbid();
        await ComposeAsync(draft);
        return Page();
    }

    public Task<IActionResult> OnPostAsync() => AttemptAsync(MayPublish, async () =>
    {
        var (incident, plan) = await PublishAsync(incidents, null);
        Done = string.Join(' ', [Backfilled ? "Added to the history. Nobody was told." : "Posted. It is on the page now, and on its way to subscribers.", .. plan.Notes]);
        return $"/admin/incidents/{incident.Id}";
    }, LoadAsync);

    protected override Task<bool> FindAboutAsync() => Task.FromResult(true);
}
