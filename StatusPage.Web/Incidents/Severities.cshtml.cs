using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Incidents;

/// <summary>What each severity means on this page.</summary>
[Authorize(Policy = Permissions.Manage)]
public sealed class SeveritiesPage(ChangeWriter writer) : AdminPage(writer)
{
    private const string Here = "/admin/severities";

    /// <summary>By severity code.</summary>
    [BindProperty]
    public Dictionary<string, RuleForm> Rules { get; set; } = [];

    public async Task OnGetAsync() =>
        Rules = (await Db.SeverityRulesAsync(StatusPage.Id, Cancel)).ToDictionary(
            rule => rule.Severity.Code(),
            rule => new RuleForm
            {
                Minutes = (int)rule.Cadence.TotalMinutes,
                Proposed = rule.ProposedStatus.Code(),
                NeedsApproval = rule.NeedsApproval,
            }
        );

    public Task<IActionResult> OnPostAsync() =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                foreach (var severity in Severities.All)
                {
                    if (!Rules.TryGetValue(severity.Code(), out var form))
                        continue;
                    if (form.Minutes is not { } minutes)
                        throw new RuleViolation($"{severity.Code()}: enter a number of minutes.", $"Rules[{severity.Code()}].Minutes");
                    var status =
                        ComponentStatuses.Parse(form.Proposed)
                        ?? throw new RuleViolation($"{severity.Code()}: choose a state.", $"Rules[{severity.Code()}].Proposed");
                    var rule = await Db.SeverityRules.FirstOrDefaultAsync(row => row.PageId == StatusPage.Id && row.Severity == severity, Cancel);
                    if (rule is null)
                        Db.Add(rule = SeverityRule.Default(StatusPage.Id, severity));
                    rule.Decide(TimeSpan.FromMinutes(minutes), status, form.NeedsApproval);
                }
                await Writer.SaveAsync(StatusPage.Id, new(Actor, "severities.decided", StatusPage.Name), Cancel);
                Done = "Saved. The composer proposes it from now on.";
                return Here;
            },
            () => Task.CompletedTask
        );
}

public sealed class RuleForm
{
    /// <summary>The time from one update to the next.</summary>
    public int? Minutes { get; set; }
    public string? Proposed { get; set; }
    public bool NeedsApproval { get; set; }
}
