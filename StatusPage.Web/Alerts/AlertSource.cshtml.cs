using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Metrics;
using StatusPage.Web.Accounts;
using StatusPage.Web.Alerts.Sources;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Alerts;

/// <summary>One source: set up, tried out, and what it sent lately. Its secret is shown once.</summary>
[Authorize(Policy = Permissions.Manage)]
public sealed class AlertSourcePage(ChangeWriter writer, AlertSetup setup, KnownSources known, AlertBell bell, PublicAddress address) : AdminPage(writer)
{
    private const string New = "new";
    private const int MostDeliveries = 50;

    [FromRoute]
    public string Id { get; set; } = "";

    /// <summary>The kind of a new one.</summary>
    [FromQuery(Name = "kind")]
    public string? Code { get; set; }

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Mapping { get; set; }

    /// <summary>Minutes.</summary>
    [BindProperty]
    public int? BeatsEvery { get; set; }

    /// <summary>One that the other side has chosen; empty leaves it as it is.</summary>
    [BindProperty]
    public string? Secret { get; set; }

    [BindProperty]
    public string? Prometheus { get; set; }

    [BindProperty]
    public string? Sample { get; set; }

    /// <summary>A new secret, shown this once.</summary>
    [TempData]
    public string? Shown { get; set; }

    public AlertSource? Source { get; private set; }
    public AlertSourceKind Kind { get; private set; }
    public IReadOnlyList<AlertDelivery> Deliveries { get; private set; } = [];
    public string? Tried { get; private set; }

    /// <summary>Whether the system at the other side chooses the secret, so that one of ours would be of no use.</summary>
    public bool ChoosesSecret => Kind == AlertSourceKind.PagerDuty;

    public string HookUrl => Source is null ? "" : address.Of(AlertSetup.PathOf(Source));
    public IReadOnlyList<AlertStep> Steps => AlertSteps.Of(Kind, HookUrl, Shown ?? "SECRET");

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        (Name, BeatsEvery, Mapping) = Source is { } source
            ? (source.Name, (int?)source.BeatsEvery?.TotalMinutes, source.Mapping)
            : (Kind.Label(), Kind == AlertSourceKind.Heartbeat ? 60 : null, null);
        Prometheus = Source?.Prometheus;
        Token = NewToken();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync() =>
        !await LoadAsync()
            ? NotFound()
            : await AttemptAsync(
                MayManage,
                async () =>
                {
                    TimeSpan? every = BeatsEvery is { } minutes ? TimeSpan.FromMinutes(minutes) : null;
                    var checks = new Checks();
                    checks.Try(() => AlertSource.CheckedName(Name));
                    var mapping = checks.Try(() => AlertSetup.CheckedMapping(Mapping));
                    var given = checks.Try(() => Text.OptionalLine(Secret, nameof(Secret), "the secret", 200));
                    checks.Try(() => PrometheusAddress.Of(Prometheus, nameof(Prometheus)));
                    checks.Enforce();
                    var isNew = Source is null;
                    if (Source is null)
                    {
                        Shown = ChoosesSecret ? null : given ?? AlertSetup.NewSecret();
                        var secret = (given ?? Shown) is { } known ? setup.Protect(known) : "";
                        Db.AlertSources.Add(Source = AlertSource.Add(StatusPage.Id, Kind, Name, secret, mapping, every, Now));
                    }
                    else
                    {
                        Source.Configure(Name, mapping, every, Now);
                        if (given is not null)
                            Source.Renew(setup.Protect(given), Now);
                    }
                    Source.AskAt(Prometheus);
                    return await SavedAsync(isNew ? "alertsource.created" : "alertsource.edited", Say["'{0}' is saved.", Source.Name]);
                },
                LoadAsync
            );

    public async Task<IActionResult> OnPostRenewAsync() =>
        !await LoadAsync() || Source is not { } source || ChoosesSecret
            ? NotFound()
            : await AttemptAsync(
                MayManage,
                async () =>
                {
                    Shown = AlertSetup.NewSecret();
                    source.Renew(setup.Protect(Shown), Now);
                    return await SavedAsync("alertsource.renewed", Say["The secret is new. The one before works for another day."]);
                },
                LoadAsync
            );

    /// <summary>Stores a delivery as if the source had sent it. It shows what would come of it, and makes nothing.</summary>
    public async Task<IActionResult> OnPostTestAsync() =>
        !await LoadAsync() || Source is not { } source
            ? NotFound()
            : await AttemptAsync(
                MayManage,
                async () =>
                {
                    Db.AlertDeliveries.Add(new(source, Encoding.UTF8.GetBytes(AlertSamples.Of(source)), null, isTest: true, Now));
                    await Writer.SaveAsync(StatusPage.Id, new(Actor, "alertsource.tested", source.Subject), Cancel);
                    bell.Ring();
                    Done = Say["A test was sent. What would come of it stands below in a moment."];
                    return $"{AlertsPage.List}/sources/{source.Id}";
                },
                LoadAsync
            );

    /// <summary>Reads a sample by the mapping as it stands in the form.</summary>
    public async Task<IActionResult> OnPostTryAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        try
        {
            var mapping = AlertSetup.CheckedMapping(Mapping);
            Tried = AlertReader.Read(Kind, Encoding.UTF8.GetBytes(Sample ?? ""), AlertSetup.MappingOf(mapping)) switch
            {
                AlertReading.Of { Events: [var alert, ..] } => Say[
                    "{0}: '{1}', key '{2}', severity {3}.",
                    Say[alert.Signal.Label()],
                    alert.Title,
                    alert.Key,
                    alert.SuggestedSeverity?.ToString() ?? Say["not given"]
                ],
                AlertReading.Unused unused => Say[unused.Said],
                AlertReading.NotThisShape wrong => Say[wrong.Said],
                _ => Say["Nothing was read."],
            };
        }
        catch (RuleViolation violation)
        {
            this.Refuse(violation);
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }
        return Page();
    }

    public async Task<IActionResult> OnPostRemoveAsync() =>
        !await LoadAsync() || Source is not { } source
            ? NotFound()
            : await AttemptAsync(
                MayManage,
                async () =>
                {
                    Db.AlertSources.Remove(source);
                    await Writer.SaveAsync(StatusPage.Id, new(Actor, "alertsource.removed", source.Subject), Cancel);
                    known.Forget();
                    Done = Say["'{0}' is removed. What it calls from now on is refused.", source.Name];
                    return AlertsPage.List;
                },
                LoadAsync
            );

    private async Task<string> SavedAsync(string action, string done)
    {
        var goal = $"{AlertsPage.List}/sources/{Source!.Id}";
        await Writer.SaveAsync(StatusPage.Id, new(Actor, action, Source.Subject, Token, goal), Cancel);
        known.Forget();
        Done = done;
        return goal;
    }

    private async Task<bool> LoadAsync()
    {
        if (Id != New)
        {
            if (!PublicId.LooksLikeOne(Id))
                return false;
            var id = AlertSourceId.Of(Id);
            if (await Db.AlertSources.FirstOrDefaultAsync(row => row.PageId == StatusPage.Id && row.Id == id, Cancel) is not { } source)
                return false;
            (Source, Kind) = (source, source.Kind);
            Deliveries = await Db
                .AlertDeliveries.AsNoTracking()
                .Where(row => row.SourceId == source.Id)
                .OrderByDescending(row => row.Id)
                .Take(MostDeliveries)
                .ToListAsync(Cancel);
            return true;
        }
        if (AlertSourceKinds.Parse(Code) is not { } kind)
            return false;
        Kind = kind;
        return true;
    }
}
