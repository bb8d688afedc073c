using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Components;

public sealed class EditComponentPage(ChangeWriter writer, ComponentDesk components) : AdminPage(writer)
{
    [FromRoute]
    public string Id { get; set; } = "";

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Description { get; set; }

    [BindProperty]
    public string? GroupId { get; set; }

    [BindProperty]
    public string? Status { get; set; }

    /// <summary>
    /// The state that the form was shown with. An incident may have changed the state since; the form's state is written only if the person changed it.
    /// </summary>
    [BindProperty]
    public string? ShownStatus { get; set; }

    /// <summary>The day since which it is in use, as yyyy-MM-dd in the page's zone.</summary>
    [BindProperty]
    public string? StartedOn { get; set; }

    [BindProperty]
    public bool Showcase { get; set; } = true;

    [BindProperty]
    public bool OnlyShowIfDegraded { get; set; }

    /// <summary>Yes, it may be called like another one of its group.</summary>
    [BindProperty]
    public bool Second { get; set; }

    /// <summary>The name that another one has already, and is asked about once.</summary>
    public string? Twin { get; private set; }

    public Component Component { get; private set; } = null!;
    public IReadOnlyList<ComponentGroup> Groups { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        ShownStatus = (await components.StatesAsync(StatusPage.Id, Cancel)).Own(Component.Id).Code();
        (Name, Description, GroupId, Status, StartedOn) = (Component.Name, Component.Description, Component.GroupId?.Value, ShownStatus, DayOf(Component));
        (Showcase, OnlyShowIfDegraded) = (Component.Showcase, Component.OnlyShowIfDegraded);
        Token = NewToken();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync() =>
        !await LoadAsync()
            ? NotFound()
            : await AttemptAsync(
                MayPublish,
                async () =>
                {
                    var checks = new Checks();
                    var status = checks.Try(() => ComponentStatuses.Parse(Status) ?? throw new RuleViolation("Choose a state.", nameof(Status)));
                    var started = checks.Try(StartedAt);
                    checks.Try(() => Component.CheckedName(Name));
                    checks.Try(() => Component.CheckedDescription(Description));
                    checks.Enforce();
                    var renamed = !Component.ReadsAs(Name, Component.Name) || (GroupId ?? "") != (Component.GroupId?.Value ?? "");
                    Twin = Second || !renamed ? null : await components.TwinAsync(StatusPage.Id, Name, GroupId, Component.Id, Cancel);
                    if (Twin is not null)
                        throw new RuleViolation(Say["There is a component '{0}' here already. Really a second one of that name?", Twin], nameof(Name));
                    await components.DescribeAsync(
                        Component,
                        Name,
                        Description,
                        GroupId,
                        Status == ShownStatus ? null : status,
                        started,
                        Actor,
                        Token,
                        Cancel,
                        Showcase,
                        OnlyShowIfDegraded
                    );
                    Done = Say["'{0}' is saved.", Component.Name];
                    return "/admin/components";
                },
                LoadAsync
            );

    public async Task<IActionResult> OnPostArchiveAsync() =>
        !await LoadAsync()
            ? NotFound()
            : await AttemptAsync(
                MayPublish,
                async () =>
                {
                    await components.ArchiveAsync(Component, archived: true, Actor, null, Cancel);
                    Done = Say["'{0}' is archived.", Component.Name];
                    return "/admin/components";
                },
                LoadAsync
            );

    private string DayOf(Component component) => Clock.DateOf(component.StartedAt).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Null when the day was not changed.</summary>
    private DateTimeOffset? StartedAt()
    {
        if (string.IsNullOrEmpty(StartedOn) || StartedOn == DayOf(Component))
            return null;
        return Instants.Day(StartedOn) is { } day ? Clock.StartOf(day) : throw new RuleViolation($"Enter a day {Instants.Range}.", nameof(StartedOn));
    }

    private async Task<bool> LoadAsync()
    {
        if (await components.FindAsync(StatusPage.Id, Id, Cancel) is not { } component)
            return false;
        Component = component;
        Groups = await Db.ComponentGroups.AsNoTracking().Where(row => row.PageId == StatusPage.Id).OrderBy(row => row.Position).ToListAsync(Cancel);
        return true;
    }
}
