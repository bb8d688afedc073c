using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Accounts;
using StatusPage.Web.Alerts.Sources;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Alerts;

/// <summary>A condition as it is typed.</summary>
public sealed class ConditionForm
{
    public string? Field { get; set; }
    public AlertTest Test { get; set; }
    public string? Value { get; set; }
}

/// <summary>One rule: written, and tried on what came before.</summary>
[Authorize(Policy = Permissions.Manage)]
public sealed class AlertRulePage(ChangeWriter writer, AlertDesk desk) : AdminPage(writer)
{
    private const string New = "new";
    private const int EmptyConditions = 2;
    private const int MostTried = 200;

    [FromRoute]
    public string Id { get; set; } = "";

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public bool IsOn { get; set; } = true;

    [BindProperty]
    public string? SourceId { get; set; }

    [BindProperty]
    public List<ConditionForm> Conditions { get; set; } = [];

    /// <summary>Minutes, like all times here.</summary>
    [BindProperty]
    public int HoldsFor { get; set; }

    [BindProperty]
    public int AtLeast { get; set; } = 1;

    [BindProperty]
    public int Within { get; set; } = 10;

    [BindProperty]
    public AlertAction Action { get; set; } = AlertAction.Draft;

    [BindProperty]
    public int Delay { get; set; } = 2;

    [BindProperty]
    public int Guard { get; set; } = 60;

    [BindProperty]
    public int JoinsWithin { get; set; } = 30;

    /// <summary>By component: "" for not meant, "proposed", or a state.</summary>
    [BindProperty]
    public Dictionary<string, string?> Components { get; set; } = [];

    [BindProperty]
    public string? Severity { get; set; }

    [BindProperty]
    public string? TemplateId { get; set; }

    [BindProperty]
    public string? AudienceId { get; set; }

    [BindProperty]
    public bool PostsMonitoring { get; set; }

    [BindProperty]
    public string? ChartQuery { get; set; }

    public AlertRule? Rule { get; private set; }
    public IReadOnlyList<AlertSource> Sources { get; private set; } = [];

    /// <summary>What there is to choose from. Of what the rule has and is gone, the name.</summary>
    public RuleChoices Choices { get; private set; } = null!;

    /// <summary>Which of the deliveries so far the rule would match.</summary>
    public IReadOnlyList<(DateTimeOffset At, string Title, bool Matches)>? Tried { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        if (Rule is { } rule)
            Show(rule);
        Conditions.AddRange(Enumerable.Range(0, EmptyConditions).Select(_ => new ConditionForm()));
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
                    var isNew = Rule is null;
                    var last = await Db.AlertRules.Where(row => row.PageId == StatusPage.Id).MaxAsync(row => (int?)row.Position, Cancel);
                    var rule = Rule ?? AlertRule.Create(StatusPage.Id, last + 1 ?? 0, Now);
                    Fill(rule);
                    if (isNew)
                        Db.AlertRules.Add(rule);
                    await desk.ChangeRulesAsync(
                        StatusPage.Id,
                        new(Actor, isNew ? "alertrule.created" : "alertrule.edited", rule.Subject, Token, AlertsPage.List),
                        Cancel
                    );
                    Done = Say["'{0}' is saved.", rule.Name];
                    return AlertsPage.List;
                },
                LoadAsync
            );

    /// <summary>Asks the rule as it stands in the form about past deliveries. Nothing is saved.</summary>
    public async Task<IActionResult> OnPostTryAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        try
        {
            var rule = AlertRule.Create(StatusPage.Id, 0, Now);
            Fill(rule);
            var byId = Sources.ToDictionary(source => source.Id);
            var past = await Db
                .AlertDeliveries.AsNoTracking()
                .Where(row => row.PageId == StatusPage.Id && !row.IsTest)
                .OrderByDescending(row => row.Id)
                .Take(MostTried)
                .ToListAsync(Cancel);
            Tried =
            [
                .. from delivery in past
                where byId.ContainsKey(delivery.SourceId)
                let source = byId[delivery.SourceId]
                let reading = AlertReader.Read(source.Kind, delivery.Body, AlertSetup.MappingOf(source)) as AlertReading.Of
                where reading is not null
                from alert in reading.Events
                where alert.Signal == AlertSignal.Firing
                select (delivery.ReceivedAt, alert.Title, rule.Matches(source, alert)),
            ];
        }
        catch (RuleViolation violation)
        {
            this.Refuse(violation);
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }
        return Page();
    }

    public async Task<IActionResult> OnPostRemoveAsync() =>
        !await LoadAsync() || Rule is not { } rule
            ? NotFound()
            : await AttemptAsync(
                MayManage,
                async () =>
                {
                    Db.AlertRules.Remove(rule);
                    await desk.ChangeRulesAsync(StatusPage.Id, new(Actor, "alertrule.removed", rule.Subject), Cancel);
                    Done = Say["'{0}' is removed.", rule.Name];
                    return AlertsPage.List;
                },
                LoadAsync
            );

    /// <summary>"publishes after 2 minutes, SEV2", as lists show it.</summary>
    public static string InShort(AlertRule rule, Words say)
    {
        var parts = new List<string>
        {
            rule.Action switch
            {
                AlertAction.Ignore => say["ignores"],
                AlertAction.Note => say["notes in an open incident"],
                AlertAction.Publish => say["publishes after {0:0} minutes", rule.Delay.TotalMinutes],
                _ => say["drafts"],
            },
        };
        if (!rule.IsOn)
            parts.Add(say.Within("Off"));
        if (rule.HoldsFor > TimeSpan.Zero)
            parts.Add(say["once it has fired for {0:0} minutes", rule.HoldsFor.TotalMinutes]);
        if (rule.AtLeast > 1)
            parts.Add(say["from {0} in {1:0} minutes", rule.AtLeast, rule.Within.TotalMinutes]);
        if (rule.Severity is { } severity)
            parts.Add(severity.Code());
        return string.Join(", ", parts);
    }

    private void Fill(AlertRule rule)
    {
        var checks = new Checks();
        var conditions = Conditions
            .Where(condition => !string.IsNullOrWhiteSpace(condition.Field) || !string.IsNullOrWhiteSpace(condition.Value))
            .Select(condition => checks.Try(() => AlertCondition.Of(condition.Field, condition.Test, condition.Value)))
            .ToList();
        var source = checks.Try(() => Choices.Sources.Of(SourceId, nameof(SourceId)));
        var template = checks.Try(() => Choices.Templates.Of(TemplateId, nameof(TemplateId)));
        var audience = checks.Try(() => Choices.Audiences.Of(AudienceId, nameof(AudienceId)));
        checks.Refuse(
            Severity is { Length: > 0 } && Severities.Parse(Severity) is null,
            $"'{Severity}' is no severity. Choose SEV1 to SEV4.",
            nameof(Severity)
        );
        var components = checks.Try(ChosenComponents);
        checks.Try(() => rule.Write(Name, IsOn, source is null ? null : AlertSourceId.Of(source), conditions, Now));
        checks.Try(() => rule.Wait(TimeSpan.FromMinutes(HoldsFor), AtLeast, TimeSpan.FromMinutes(Within)));
        checks.Try(() => rule.Do(Action, TimeSpan.FromMinutes(Delay), TimeSpan.FromMinutes(Guard), TimeSpan.FromMinutes(JoinsWithin)));
        checks.Try(() => rule.Draw(ChartQuery));
        if (components is not null)
            checks.Try(() =>
                rule.Say(
                    components,
                    Severities.Parse(Severity),
                    template is null ? null : Domain.TemplateId.Of(template),
                    audience is null ? null : Domain.AudienceId.Of(audience),
                    PostsMonitoring
                )
            );
        checks.Enforce();
    }

    private List<AlertComponent>? ChosenComponents() =>
        [
            .. Components
                // Where a page has no components, the framework takes every field of the form for one.
                .Where(chosen => !string.IsNullOrEmpty(chosen.Value) && Request.Form.ContainsKey($"{nameof(Components)}[{chosen.Key}]"))
                .OrderBy(chosen => Choices.Components.PlaceOf(chosen.Key))
                .Select(chosen => new AlertComponent(
                    ComponentId.Of(Choices.Components.Of(chosen.Key, nameof(Components))!),
                    chosen.Value == UpdateForm.Proposed
                        ? null
                        : ComponentStatuses.Parse(chosen.Value)
                            ?? throw new RuleViolation($"'{chosen.Value}' is not a state of a component.", nameof(Components))
                )),
        ];

    private void Show(AlertRule rule)
    {
        (Name, IsOn, SourceId, Action, PostsMonitoring) = (rule.Name, rule.IsOn, rule.SourceId?.Value, rule.Action, rule.PostsMonitoring);
        ChartQuery = rule.ChartQuery;
        (HoldsFor, AtLeast) = ((int)rule.HoldsFor.TotalMinutes, rule.AtLeast);
        if (rule.AtLeast > 1)
            Within = (int)rule.Within.TotalMinutes;
        if (rule.Action == AlertAction.Publish)
            (Delay, Guard) = ((int)rule.Delay.TotalMinutes, (int)rule.Guard.TotalMinutes);
        JoinsWithin = (int)rule.JoinsWithin.TotalMinutes;
        (Severity, TemplateId, AudienceId) = (rule.Severity?.Code(), rule.TemplateId?.Value, rule.AudienceId?.Value);
        Components = rule.Components.ToDictionary(component => component.Id.Value, component => component.Status?.Code() ?? UpdateForm.Proposed)!;
        Conditions =
        [
            .. rule.Conditions.Select(condition => new ConditionForm
            {
                Field = condition.Field,
                Test = condition.Test,
                Value = condition.Value,
            }),
        ];
    }

    private async Task<bool> LoadAsync()
    {
        if (Id != New)
        {
            if (!PublicId.LooksLikeOne(Id))
                return false;
            var id = AlertRuleId.Of(Id);
            Rule = await Db.AlertRules.FirstOrDefaultAsync(row => row.PageId == StatusPage.Id && row.Id == id, Cancel);
            if (Rule is null)
                return false;
        }
        Sources = await Db.AlertSources.AsNoTracking().Where(row => row.PageId == StatusPage.Id).OrderBy(row => row.Name).ToListAsync(Cancel);
        Choices = await RuleChoices.ReadAsync(Db, StatusPage.Id, Sources, Rule, Cancel);
        return true;
    }
}
