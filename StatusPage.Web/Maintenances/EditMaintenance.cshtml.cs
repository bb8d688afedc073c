using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Maintenances;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Maintenances;

/// <summary>Schedules a maintenance ("new") or changes one.</summary>
public sealed class EditMaintenancePage(Desk desk) : AdminPage(desk)
{
    private const string New = "new";
    private const string FieldFormat = "yyyy-MM-dd'T'HH:mm";

    [FromRoute]
    public string Id { get; set; } = "";

    [BindProperty]
    public string? Title { get; set; }

    [BindProperty]
    public string? Body { get; set; }

    [BindProperty]
    public string? ScheduledFor { get; set; }

    [BindProperty]
    public string? ScheduledUntil { get; set; }

    [BindProperty]
    public List<string> ComponentIds { get; set; } = [];

    public Maintenance? Maintenance { get; private set; }
    public IReadOnlyList<Component> Components { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync()) return NotFound();
        Token = NewToken();
        if (Maintenance is { } existing)
        {
            (Title, Body) = (existing.Title, existing.Body);
            ScheduledFor = Clock.ToLocal(existing.ScheduledFor).ToString(FieldFormat, CultureInfo.InvariantCulture);
            ScheduledUntil = Clock.ToLocal(existing.ScheduledUntil).ToString(FieldFormat, CultureInfo.InvariantCulture);
            ComponentIds = [.. existing.ComponentIds.Select(id => id.Value)];
        }
        return Page();
    }

    public async Task<IActionResult> OnPostAsync() => !await LoadAsync() ? NotFound() : await AttemptAsync(MayPublish, async () =>
    {
        var from = Read(ScheduledFor, nameof(ScheduledFor));
        var until = Read(ScheduledUntil, nameof(ScheduledUntil));
        var components = Components.Where(component => ComponentIds.Contains(component.Id.Value)).Select(component => component.Id);
        if (Maintenance is { } existing) existing.Reschedule(Title, Body, from, until, components, Now);
        else Db.Maintenances.Add(Maintenance = Maintenance.Schedule(StatusPage.Id, Title, Body, from, until, components, Now));
        await Desk.PublishAsync(StatusPage.Id,
            new(Actor, Id == New ? "maintenance.scheduled" : "maintenance.edited", $"{Maintenance.Id} {Maintenance.Title}", Token, "/admin/maintenances"), Cancel);
        Done = $"'{Maintenance.Title}' is on the page.";
        return "/admin/maintenances";
    }, LoadAsync);

    public async Task<IActionResult> OnPostCancelAsync() => !await LoadAsync() || Maintenance is null ? NotFound() : await AttemptAsync(MayPublish, async () =>
    {
        Maintenance.Cancel(Now);
        await Desk.PublishAsync(StatusPage.Id, new(Actor, "maintenance.cancelled", $"{Maintenance.Id} {Maintenance.Title}"), Cancel);
        Done = $"'{Maintenance.Title}' is cancelled.";
        return "/admin/maintenances";
    }, LoadAsync);

    private DateTimeOffset Read(string? value, string field) => Clock.TryReadLocal(value, out var instant)
        ? instant : throw new RuleViolation("Enter a day and a time.", field);

    private async Task<bool> LoadAsync()
    {
        Components = await Db.Components.AsNoTracking().Where(row => row.PageId == StatusPage.Id && row.ArchivedAt == null).OrderBy(row => row.Position).ToListAsync(Cancel);
        if (Id == New) return true;
        if (!PublicId.LooksLikeOne(Id)) return false;
        var id = MaintenanceId.Of(Id);
        Maintenance = await Db.Maintenances.FirstOrDefaultAsync(row => row.PageId == StatusPage.Id && row.Id == id, Cancel);
        return Maintenance is not null;
    }
}
