using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Maintenances;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Maintenances;

/// <summary>Schedules a maintenance ("new"), or changes, updates and cancels one.</summary>
public sealed class EditMaintenancePage(ChangeWriter writer, MaintenanceDesk maintenances) : AdminPage(writer)
{
    private const string New = "new";
    private const string List = "/admin/maintenances";

    /// <summary>Far above every limit here; the rules check each number.</summary>
    private const int MostTyped = 100_000;

    public const string NoRepeat = "no";

    [FromRoute]
    public string Id { get; set; } = "";

    [BindProperty]
    public string? Title { get; set; }

    [BindProperty]
    public string? Body { get; set; }

    [BindProperty]
    public string? ScheduledFor { get; set; }

    /// <summary>Which of two instants is meant, where clocks are set back.</summary>
    [BindProperty]
    public string? ScheduledForIs { get; set; }

    [BindProperty]
    public string? ScheduledUntil { get; set; }

    [BindProperty]
    public string? ScheduledUntilIs { get; set; }

    [BindProperty]
    public List<string> ComponentIds { get; set; } = [];

    [BindProperty]
    public bool StartsItself { get; set; } = true;

    [BindProperty]
    public MaintenanceEnd End { get; set; }

    /// <summary>Minutes; empty: until somebody completes it.</summary>
    [BindProperty]
    public string? VerifyFor { get; set; }

    /// <summary>Hours; empty: none.</summary>
    [BindProperty]
    public string? RemindBefore { get; set; }

    [BindProperty]
    public bool TellsPhases { get; set; } = true;

    /// <summary>Tell nobody of this change.</summary>
    [BindProperty]
    public bool Silent { get; set; }

    /// <summary>"no", or a unit.</summary>
    [BindProperty]
    public string? Unit { get; set; } = NoRepeat;

    [BindProperty]
    public string? Interval { get; set; } = "1";

    [BindProperty]
    public string? LastDay { get; set; }

    [BindProperty]
    public string? Count { get; set; }

    /// <summary>For a window of a series: include those that follow.</summary>
    [BindProperty]
    public bool Following { get; set; }

    /// <summary>The maintenance has taken place already, and is added to the history.</summary>
    [BindProperty]
    public bool Backfilled { get; set; }

    /// <summary>The maintenance's version when the form was filled in.</summary>
    [BindProperty]
    public int Version { get; set; }

    /// <summary>The maintenance's content then, and the versions of the windows that follow; see <see cref="SeenMaintenance"/>.</summary>
    [BindProperty]
    public string? Seen { get; set; }

    [BindProperty]
    public string? SeenLater { get; set; }

    [BindProperty]
    public string? Phase { get; set; }

    [BindProperty]
    public string? News { get; set; }

    public Maintenance? Maintenance { get; private set; }
    public MaintenanceSeries? Series { get; private set; }

    /// <summary>The later windows of the series.</summary>
    public IReadOnlyList<Maintenance> Later { get; private set; } = [];
    public IReadOnlyList<(Announcement Announcement, DeliveryCounts Counts)> Told { get; private set; } = [];
    public IReadOnlyList<Component> Components { get; private set; } = [];
    public WindowField From => new(nameof(ScheduledFor), ScheduledFor, ScheduledForIs, Clock);
    public WindowField Until => new(nameof(ScheduledUntil), ScheduledUntil, ScheduledUntilIs, Clock);

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        Show();
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
                    var components = Components.Where(component => ComponentIds.Contains(component.Id.Value)).Select(component => component.Id).ToList();
                    if (Maintenance is { } existing)
                        Done = await ChangeAsync(existing, components) ? $"'{existing.Title}' is changed." : "Nothing was changed.";
                    else if (Backfilled)
                        Done = await RecordAsync(new(Title, Body, components, MaintenanceConduct.Silent));
                    else if (Unit is null or NoRepeat)
                    {
                        var scheduled = await maintenances.ScheduleAsync(
                            StatusPage.Id,
                            new(Title, Body, components, Conduct()),
                            From.Read(),
                            Until.Read(),
                            !Silent,
                            Actor,
                            Token,
                            Cancel
                        );
                        Done = $"'{scheduled.Title}' is on the page.";
                    }
                    else
                    {
                        var series = MaintenanceSeries.Plan(
                            StatusPage.Id,
                            Enum.TryParse<RepeatUnit>(Unit, ignoreCase: true, out var unit)
                                ? unit
                                : throw new RuleViolation("Choose how often it comes again.", nameof(Unit)),
                            Number(Interval, nameof(Interval)) ?? 1,
                            From.Wall,
                            Until.Wall,
                            Day(LastDay),
                            Number(Count, nameof(Count)),
                            Now
                        );
                        var first = await maintenances.ScheduleAsync(
                            series,
                            new(Title, Body, components, Conduct()),
                            Clock,
                            !Silent,
                            Actor,
                            Token,
                            Cancel
                        );
                        Done = $"'{first.Title}' is on the page, and comes again {series.Words}.";
                    }
                    return List;
                },
                LoadAsync
            );

    public async Task<IActionResult> OnPostNewsAsync() =>
        !await LoadAsync() || Maintenance is null
            ? NotFound()
            : await AttemptAsync(
                MayPublish,
                async () =>
                {
                    RefuseStale(Maintenance);
                    var phase = MaintenancePhases.Parse(Phase) ?? throw new RuleViolation("Choose where it stands.", nameof(Phase));
                    if (
                        await maintenances.ChangeAsync(
                            Maintenance,
                            new()
                            {
                                Phase = phase,
                                News = News,
                                Notifies = !Silent,
                                Author = Actor,
                            },
                            Token,
                            Cancel
                        )
                        is null
                    )
                        throw new RuleViolation("There is nothing new in this. Write what there is to tell, or choose where it stands now.", nameof(News));
                    Done = "Posted.";
                    return $"{List}/{Maintenance.Id}";
                },
                AgainAsync
            );

    public async Task<IActionResult> OnPostCancelAsync() =>
        !await LoadAsync() || Maintenance is null
            ? NotFound()
            : await AttemptAsync(
                MayPublish,
                async () =>
                {
                    RefuseStale(Maintenance);
                    await maintenances.CancelAsync(Maintenance, Following, !Silent, Actor, Token, Cancel);
                    Done =
                        Maintenance.IsBackfilled ? $"'{Maintenance.Title}' is off the page."
                        : Following ? $"'{Maintenance.Title}' and those that follow are cancelled."
                        : $"'{Maintenance.Title}' is cancelled.";
                    return List;
                },
                AgainAsync
            );

    /// <returns>False when nothing changes.</returns>
    private async Task<bool> ChangeAsync(Maintenance existing, List<ComponentId> components)
    {
        RefuseStale(existing);
        var request = new MaintenanceRequest
        {
            // The form always has both. An affected component that is archived is not offered, and stays.
            Title = Title ?? "",
            Body = Body ?? "",
            Components = [.. components, .. existing.ComponentIds.Where(id => Components.All(component => component.Id != id))],
            Conduct = existing.IsBackfilled ? null : Conduct(),
            Notifies = !Silent,
            Author = Actor,
        };
        if (Following)
            return await maintenances.ChangeFollowingAsync(existing, request, From.Wall, Until.Wall, Clock, Token, Cancel);
        request = request with { From = From.Near(existing.ScheduledFor), Until = Until.Near(existing.ScheduledUntil) };
        return await maintenances.ChangeAsync(existing, request, Token, Cancel) is not null;
    }

    private async Task<string> RecordAsync(MaintenanceContent draft)
    {
        if (Unit is not (null or NoRepeat))
            throw new RuleViolation("What has taken place already does not come again. Add each window by itself.", nameof(Unit));
        var made = await maintenances.RecordAsync(StatusPage.Id, draft, From.Read(), Until.Read(), Actor, Token, Cancel);
        return $"'{made.Title}' is in the history. Nobody was told.";
    }

    /// <exception cref="RuleViolation">Somebody else changed it, or a later window that would change with it, while the form was filled in.</exception>
    private void RefuseStale(Maintenance existing)
    {
        const string kept = "Nothing of yours was saved, and all of it is still here. If it still holds, send it again.";
        if (existing.Version != Version)
        {
            var news = SeenMaintenance.News(Seen, existing, Components, Clock);
            throw new RuleViolation(
                $"While you were writing, somebody else changed this maintenance at {Clock.Near(existing.UpdatedAt, Now)}: {news}. {kept}"
            );
        }
        if (Following && SeenMaintenance.Changed(SeenLater, Later).ToList() is { Count: > 0 } changed)
        {
            var windows = string.Join(
                "; ",
                changed.Select(window =>
                    $"'{window.Title}', {Clock.Window(window.ScheduledFor, window.ScheduledUntil)}{(window.CancelledAt is null ? "" : ", is cancelled")}"
                )
            );
            throw new RuleViolation($"While you were writing, somebody else changed what follows: {windows}. {kept}");
        }
    }

    private MaintenanceConduct Conduct() =>
        new(
            StartsItself,
            End,
            Number(VerifyFor, nameof(VerifyFor)) is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
            Number(RemindBefore, nameof(RemindBefore)) is { } hours ? TimeSpan.FromHours(hours) : null,
            TellsPhases
        );

    private static int? Number(string? typed, string field) =>
        string.IsNullOrWhiteSpace(typed) ? null
        : int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MostTyped ? number
        : throw new RuleViolation($"Enter a number of at most {MostTyped:N0}.", field);

    private static DateOnly? Day(string? typed) =>
        string.IsNullOrWhiteSpace(typed) ? null : Instants.Day(typed) ?? throw new RuleViolation($"Enter a day {Instants.Range}.", nameof(LastDay));

    private void Show()
    {
        var conduct = Maintenance?.Conduct ?? MaintenanceConduct.Default;
        (StartsItself, End, TellsPhases) = (conduct.StartsItself, conduct.End, conduct.TellsPhases);
        VerifyFor = conduct.VerifyFor is { } span ? ((int)span.TotalMinutes).ToString(CultureInfo.InvariantCulture) : null;
        RemindBefore = conduct.RemindBefore is { } before ? ((int)before.TotalHours).ToString(CultureInfo.InvariantCulture) : null;
        if (Maintenance is not { } existing)
            return;
        (Title, Body) = (existing.Title, existing.Body);
        ((_, ScheduledFor, ScheduledForIs, _), (_, ScheduledUntil, ScheduledUntilIs, _)) = (
            WindowField.Of(nameof(ScheduledFor), existing.ScheduledFor, Clock),
            WindowField.Of(nameof(ScheduledUntil), existing.ScheduledUntil, Clock)
        );
        ComponentIds = [.. existing.ComponentIds.Select(id => id.Value)];
        Phase = existing.PhaseAt(Now).Code();
    }

    /// <summary>After one of the page's forms, which does not contain the other's fields.</summary>
    private async Task AgainAsync()
    {
        await LoadAsync();
        var phase = Phase;
        Show();
        Phase = phase ?? Phase;
    }

    private async Task<bool> LoadAsync()
    {
        Components = await maintenances.ComponentsAsync(StatusPage.Id, Cancel);
        if (Id == New)
            return true;
        Maintenance = await maintenances.FindAsync(StatusPage.Id, Id, Cancel);
        if (Maintenance?.SeriesId is { } series)
        {
            Series = await Db.MaintenanceSeries.AsNoTracking().FirstAsync(row => row.Id == series, Cancel);
            Later = await maintenances.LaterAsync(Maintenance, Cancel);
        }
        if (Maintenance is not null)
            Told = await maintenances.ToldAsync(Maintenance, Cancel);
        return Maintenance is not null;
    }
}
