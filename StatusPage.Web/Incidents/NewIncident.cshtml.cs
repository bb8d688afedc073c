using Microsoft.AspNetCore.Mvc;
using StatusPage.Domain;
using StatusPage.Domain.Incidents;
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
        if (!string.IsNullOrEmpty(Severity) && Severities.Parse(Severity) is null) throw new RuleViolation("Choose SEV1 to SEV4.", nameof(Severity));
        var draft = await PublishedDraftAsync();
        var update = Read(draft);
        var incident = await incidents.OpenAsync(StatusPage, Title, SeverityInForce, Web.Drafts.Composer.ImpactOf(Typed(), update, Rule), update, Actor, Token, Cancel, draft);
        Done = "Posted. It is on the page now, and on its way to subscribers.";
        return $"/admin/incidents/{incident.Id}";
    }, LoadAsync);

    protected override Task<bool> FindAboutAsync() => Task.FromResult(true);
}
