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
                    var status = ComponentStatuses.Parse(Status) ?? throw new RuleViolation("Choose a state.", nameof(Status));
                    await components.DescribeAsync(
                        Component,
                        Name,
                        Description,
                        GroupId,
                        Status == ShownStatus ? null : status,
                        StartedAt(),
                        Actor,
                        Token,
                        Cancel,
                        Showcase,
                        OnlyShowIfDegraded
                    );
                    Done = $"'{Component.Name}' is saved.";
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
                    Done = $"'{Component.Name}' is archived.";
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
