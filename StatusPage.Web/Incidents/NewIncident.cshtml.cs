using Microsoft.AspNetCore.Mvc;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Data;
using StatusPage.Web.Drafts;

namespace StatusPage.Web.Incidents;

public sealed class NewIncidentPage(Desk desk, IncidentDesk incidents, Composer composer, Previews previews) : ComposerPage(desk, composer, previews)
{
    /// <summary>Whoever posts has been asked whether it is really no component, and says so.</summary>
    [BindProperty]
    public bool NoComponents { get; set; }

    public bool AsksForComponents { get; private set; }

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
        var impact = Web.Drafts.Composer.ImpactOf(Typed(), update, Rule);
        if (!NoComponents && Offer.Components.Count > 0 && update.NamesNothing(impact))
        {
            AsksForComponents = true;
            throw new RuleViolation($"Nothing is posted yet. No component is named, so the page would say “{impact!.Value.Means().Label()}” and show nothing that has it. Is it really none?");
        }
        var incident = await incidents.OpenAsync(StatusPage, Title, SeverityInForce, impact, update, Actor, Token, Cancel, draft);
        Done = "Posted. It is on the page now, and on its way to subscribers.";
        return $"/admin/incidents/{incident.Id}";
    }, LoadAsync);

    protected override Task<bool> FindAboutAsync() => Task.FromResult(true);
}
