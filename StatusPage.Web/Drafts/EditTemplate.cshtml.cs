using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Drafts;

[Authorize(Policy = Permissions.Publish)]
public sealed class EditTemplatePage(ChangeWriter writer) : AdminPage(writer)
{
    private const string List = "/admin/templates";
    private const string New = "new";

    [FromRoute]
    public string Id { get; set; } = "";

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public bool Opens { get; set; }

    [BindProperty]
    public string? Phase { get; set; }

    [BindProperty]
    public string? Severity { get; set; }

    [BindProperty]
    public string? Title { get; set; }

    [BindProperty]
    public string? Body { get; set; }

    [BindProperty]
    public string? ImpactSummary { get; set; }

    [BindProperty]
    public string? TeamStatus { get; set; }

    [BindProperty]
    public List<string> ComponentIds { get; set; } = [];

    /// <summary>Null for a new one.</summary>
    public Template? Template { get; private set; }
    public IReadOnlyList<Component> Components { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        Token = NewToken();
        if (Template is { } row)
        {
            (Name, Opens, Phase, Severity, Title) = (row.Name, row.Opens, row.Phase.Code(), row.Severity?.Code(), row.Title);
            (Body, ImpactSummary, TeamStatus, ComponentIds) = (row.Body, row.ImpactSummary, row.TeamStatus, [.. row.ComponentIds.Select(id => id.Value)]);
        }
        else
            (Opens, Phase) = (true, Domain.Incidents.Phase.Investigating.Code());
        return Page();
    }

    public async Task<IActionResult> OnPostAsync() =>
        !await LoadAsync()
            ? NotFound()
            : await AttemptAsync(
                MayPublish,
                async () =>
                {
                    var phase = Phases.Parse(Phase) ?? throw new RuleViolation("Choose a phase.", nameof(Phase));
                    var chosen = Components.Select(component => component.Id).Where(id => ComponentIds.Contains(id.Value));
                    var row = (Template ?? Template.Create(StatusPage.Id, Now)).Write(
                        Name,
                        Opens,
                        phase,
                        Severities.Parse(Severity),
                        Title,
                        Body,
                        ImpactSummary,
                        TeamStatus,
                        chosen,
                        Now
                    );
                    if (await Db.Templates.AnyAsync(other => other.PageId == StatusPage.Id && other.Name == row.Name && other.Id != row.Id, Cancel))
                        throw new RuleViolation("There is a template of that name already.", nameof(Name));
                    if (Template is null)
                        Db.Templates.Add(row);
                    await Writer.SaveAsync(
                        StatusPage.Id,
                        new(Actor, Template is null ? "template.created" : "template.edited", row.Name, Token, List),
                        Cancel
                    );
                    Done = $"'{row.Name}' is saved.";
                    return List;
                },
                LoadAsync
            );

    public async Task<IActionResult> OnPostRemoveAsync() =>
        !await LoadAsync() || Template is not { } row
            ? NotFound()
            : await AttemptAsync(
                MayPublish,
                async () =>
                {
                    Db.Templates.Remove(row);
                    await Writer.SaveAsync(StatusPage.Id, new(Actor, "template.removed", row.Name), Cancel);
                    Done = $"'{row.Name}' is removed.";
                    return List;
                },
                LoadAsync
            );

    private async Task<bool> LoadAsync()
    {
        Components = await Db
            .Components.AsNoTracking()
            .Where(row => row.PageId == StatusPage.Id && row.ArchivedAt == null)
            .OrderBy(row => row.Position)
            .ToListAsync(Cancel);
        if (Id == New)
            return true;
        if (!PublicId.LooksLikeOne(Id))
            return false;
        var id = TemplateId.Of(Id);
        Template = await Db.Templates.FirstOrDefaultAsync(row => row.Id == id && row.PageId == StatusPage.Id, Cancel);
        return Template is not null;
    }
}
