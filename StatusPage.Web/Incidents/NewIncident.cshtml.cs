using Microsoft.AspNetCore.Mvc;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Data;
using StatusPage.Web.Drafts;

namespace StatusPage.Web.Incidents;

public sealed class NewIncidentPage(ChangeWriter writer, IncidentDesk incidents, Composer composer, Previews previews, Countdowns countdowns)
    : ComposerPage(writer, incidents, composer, previews, countdowns)
{
    /// <summary>The author was asked whether really no component is affected, and confirms it.</summary>
    [BindProperty]
    public bool NoComponents { get; set; }

    public bool AsksForComponents { get; private set; }

    protected override string Address => "/admin/incidents/new";

    public async Task<IActionResult> OnGetAsync(string? draft)
    {
        if (!MayDraft)
            return Forbid();
        await ComposeAsync(draft);
        return Page();
    }

    public Task<IActionResult> OnPostAsync() => AttemptAsync(MayPublish, () => PublishAsync(null), LoadAsync);

    /// <summary>An incident without a component is possible, but more often one was forgotten.</summary>
    protected override void Question(UpdateRequest asked)
    {
        if (NoComponents || asked.IsBackfilled || Choices.Components.Count == 0)
            return;
        var plan = UpdateRules.Plan(null, asked, Choices.Rules, Choices.States, Approval.Given, Now);
        var impact = plan.Description!.ImpactOverride ?? plan.Description.ProposedImpact;
        if (!plan.Update!.NamesNothing(impact))
            return;
        AsksForComponents = true;
        throw new RuleViolation(
            $"Nothing is posted yet. No component is named, "
                + $"so the page would say “{impact.Means().Label()}” and show nothing that has it. Is it really none?"
        );
    }

    protected override Task<bool> FindAboutAsync() => Task.FromResult(true);
}
