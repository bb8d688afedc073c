using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Maintenances;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Incidents;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Maintenances;

/// <summary>Schedules a maintenance ("new"), or changes, updates and cancels one.</summary>
public sealed class EditMaintenancePage(ChangeWriter writer, MaintenanceDesk maintenances, MailWriter mails) : AdminPage(writer)
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

    /// <summary>What would be told, and whom; null until somebody asks for it.</summary>
    public MaintenancePreview? Preview { get; private set; }

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
                    if (Maintenance is { } existing)
                        Done = await ChangeAsync(existing) ? Say["'{0}' is changed.", existing.Title] : Say["Nothing was changed."];
                    else
                        Done = await ScheduleAsync(Read());
                    return List;
                },
                LoadAsync
            );

    /// <summary>Shows what subscribers would read, and how many they are. Nothing is saved.</summary>
    public async Task<IActionResult> OnPostPreviewAsync()
    {
        if (!MayPublish)
            return Forbid();
        if (!await LoadAsync() || Maintenance is not null)
            return NotFound();
        try
        {
            Preview = await PreviewAsync(Read());
        }
        catch (RuleViolation violation)
        {
            this.Refuse(violation);
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }
        return Page();
    }

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
                    Done = Say["Posted."];
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
                        Maintenance.IsBackfilled ? Say["'{0}' is off the page.", Maintenance.Title]
                        : Following ? Say["'{0}' and those that follow are cancelled.", Maintenance.Title]
                        : Say["'{0}' is cancelled.", Maintenance.Title];
                    return List;
                },
                AgainAsync
            );

    private List<ComponentId> Chosen => [.. Components.Where(component => ComponentIds.Contains(component.Id.Value)).Select(component => component.Id)];

    /// <summary>Reads the form; a refusal names everything that is wrong with it.</summary>
    private Plan Read()
    {
        var checks = new Checks();
        var from = checks.Try(() => (DateTimeOffset?)From.Read());
        var until = checks.Try(() => (DateTimeOffset?)Until.Read());
        var conduct = checks.Try(Conduct);
        checks.Try(() => Maintenance.Check(Title, Body, from, until, conduct));
        checks.Refuse(Backfilled && Repeats, "What has taken place already does not come again. Add each window by itself.", nameof(Unit));
        var series = Repeats && from < until ? checks.Try(Planned) : null;
        checks.Enforce();
        return new(new(Title, Body, Chosen, Backfilled ? MaintenanceConduct.Silent : conduct!), from!.Value, until!.Value, series);
    }

    private bool Repeats => Unit is not (null or NoRepeat);

    private MaintenanceSeries Planned()
    {
        var checks = new Checks();
        var (interval, count, last) = (
            checks.Try(() => Number(Interval, nameof(Interval)) ?? 1),
            checks.Try(() => Number(Count, nameof(Count))),
            checks.Try(() => Day(LastDay))
        );
        var unit = checks.Try(() =>
            Enum.TryParse<RepeatUnit>(Unit, ignoreCase: true, out var known)
                ? known
                : throw new RuleViolation("Choose how often it comes again.", nameof(Unit))
        );
        checks.Enforce();
        return MaintenanceSeries.Plan(StatusPage.Id, unit, interval, From.Wall, Until.Wall, last, count, Now);
    }

    private async Task<string> ScheduleAsync(Plan plan)
    {
        if (Backfilled)
        {
            var record = await maintenances.RecordAsync(StatusPage.Id, plan.Content, plan.From, plan.Until, Actor, Token, Cancel);
            return Say["'{0}' is in the history. Nobody was told.", record.Title];
        }
        if (plan.Series is not { } series)
        {
            var scheduled = await maintenances.ScheduleAsync(StatusPage.Id, plan.Content, plan.From, plan.Until, !Silent, Actor, Token, Cancel);
            return Say["'{0}' is on the page.", scheduled.Title];
        }
        var first = await maintenances.ScheduleAsync(series, plan.Content, Clock, !Silent, Actor, Token, Cancel);
        return Say["'{0}' is on the page, and comes again: {1}.", first.Title, SeriesWords.Of(series, Clock, Say)];
    }

    private async Task<MaintenancePreview> PreviewAsync(Plan plan)
    {
        var window = Clock.Window(plan.From, plan.Until);
        if (Backfilled)
        {
            Maintenance.Record(StatusPage.Id, Title, Body, plan.From, plan.Until, Chosen, Now);
            return new(Say["It is added to the history, and nobody is told."], window, null, [], null, "");
        }
        var planned = Maintenance.Schedule(StatusPage.Id, Title, Body, plan.From, plan.Until, Chosen, Now, plan.Content.Conduct);
        var reach = (await Db.ReachAsync(StatusPage.Id, Chosen, null, Cancel)).InWords(
            new() { Phase = Domain.Incidents.Phase.Investigating, Body = "" },
            []
        );
        var names = Components.Where(component => Chosen.Contains(component.Id)).Select(component => component.Name).ToList();
        var told = MaintenanceTold.Of(Announcement.Of(planned, MaintenanceEvent.Scheduled, Now), planned, plan.Series)!;
        var (subject, text) = await mails.PreviewAsync(StatusPage, told, names);
        return new(
            Silent ? Say["It goes on the page alone: nobody is told of the scheduling."] : Say["It goes on the page, and to {0}.", reach],
            window,
            plan.Series is null ? null : SeriesWords.Of(plan.Series, Clock, Say),
            plan.Series is null ? [] : [.. Enumerable.Range(1, 3).Where(plan.Series.Has).Select(next => Clock.BareDate(plan.Series.DayOf(next)))],
            Silent ? null : subject,
            text
        );
    }

    /// <returns>False when nothing changes.</returns>
    private async Task<bool> ChangeAsync(Maintenance existing)
    {
        RefuseStale(existing);
        var checks = new Checks();
        var conduct = existing.IsBackfilled ? null : checks.Try(Conduct);
        checks.Try(() => From.Read());
        checks.Try(() => Until.Read());
        checks.Try(() => Maintenance.Check(Title, Body, null, null, null));
        checks.Enforce();
        var request = new MaintenanceRequest
        {
            // The form always has both. An affected component that is archived is not offered, and stays.
            Title = Title ?? "",
            Body = Body ?? "",
            Components = [.. Chosen, .. existing.ComponentIds.Where(id => Components.All(component => component.Id != id))],
            Conduct = conduct,
            Notifies = !Silent,
            Author = Actor,
        };
        if (Following)
            return await maintenances.ChangeFollowingAsync(existing, request, From.Wall, Until.Wall, Clock, Token, Cancel);
        request = request with { From = From.Near(existing.ScheduledFor), Until = Until.Near(existing.ScheduledUntil) };
        return await maintenances.ChangeAsync(existing, request, Token, Cancel) is not null;
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

    private MaintenanceConduct Conduct()
    {
        var checks = new Checks();
        var (minutes, hours) = (checks.Try(() => Number(VerifyFor, nameof(VerifyFor))), checks.Try(() => Number(RemindBefore, nameof(RemindBefore))));
        checks.Enforce();
        return new(
            StartsItself,
            End,
            minutes is { } verified ? TimeSpan.FromMinutes(verified) : null,
            hours is { } before ? TimeSpan.FromHours(before) : null,
            TellsPhases
        );
    }

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

    private sealed record Plan(MaintenanceContent Content, DateTimeOffset From, DateTimeOffset Until, MaintenanceSeries? Series);
}

/// <summary>What a maintenance would tell, as it stands in the form.</summary>
/// <param name="Repeats">"every Tuesday, 12 times, until Mar 3"; null for one that does not come again.</param>
/// <param name="Next">The days of the windows that follow the first.</param>
/// <param name="Subject">Of the mail; null when nobody is told.</param>
public sealed record MaintenancePreview(string Reach, string Window, string? Repeats, IReadOnlyList<string> Next, string? Subject, string Text);
