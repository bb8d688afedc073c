using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Alerts;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Drafts;

/// <summary>The base of both composers, for a new incident and for the next update: drafts, previews, templates, approval.</summary>
public abstract class ComposerPage(ChangeWriter writer, IncidentDesk incidents, Composer composer, Previews previews, Countdowns countdowns)
    : AdminPage(writer)
{
    [BindProperty]
    public string? Title { get; set; }

    [BindProperty]
    public string? Severity { get; set; }

    [BindProperty]
    public string? Impact { get; set; }

    /// <summary>When it began and ended, in the page's zone.</summary>
    [BindProperty]
    public string? StartedAt { get; set; }

    [BindProperty]
    public string? EndedAt { get; set; }

    /// <summary>The incident is over already, and goes into the history without telling anybody.</summary>
    [BindProperty]
    public bool Backfilled { get; set; }

    [BindProperty]
    public UpdateForm Update { get; set; } = new();

    [BindProperty]
    public string? DraftId { get; set; }

    /// <summary>The draft's version that the form knows.</summary>
    [BindProperty]
    public int? DraftVersion { get; set; }

    [BindProperty]
    public string? TemplateId { get; set; }

    [BindProperty]
    public string? Because { get; set; }

    /// <summary>What was written is published, whatever became of its draft or its alert meanwhile.</summary>
    [BindProperty]
    public bool AllTheSame { get; set; }

    /// <summary>Whether the author must say so.</summary>
    public bool AsksAllTheSame { get; private set; }

    /// <summary>Why the draft that was asked for is not shown; null when it is, or none was asked for.</summary>
    public string? Gone { get; private set; }

    public ComposerChoices Choices { get; private set; } = null!;
    public Draft? Draft { get; private set; }

    /// <summary>The open drafts of what this page composes.</summary>
    public IReadOnlyList<Draft> Drafts { get; private set; } = [];

    /// <summary>The alerts behind the draft or its incident; null where a person began it.</summary>
    public AlertCase? Case { get; private set; }

    /// <summary>Since when they fire; null when all have resolved.</summary>
    public DateTimeOffset? FiresSince { get; private set; }

    /// <summary>Whether the metric behind them is known.</summary>
    public bool HasChart { get; private set; }

    /// <summary>Who would be told of what is typed.</summary>
    public Reach Reach { get; private set; } = null!;

    /// <summary>The channels and people that the form addresses.</summary>
    public UpdateContent Addressed =>
        new()
        {
            Phase = Phases.Parse(Update.Phase) ?? Phase.Investigating,
            Body = "",
            Notifies = !Update.Silent && !Backfilled,
            Channels = Update.ChoosesChannels ? Update.ChosenChannels() : ChannelSet.All,
            IsPublic = !Update.ChoosesAudiences || Update.Public,
            AudienceIds = [.. Update.Audiences.Where(PublicId.LooksLikeOne).Select(AudienceId.Of)],
        };

    /// <summary>What the button that posts does.</summary>
    public PostWords Button => PostWords.Of(About, Draft, Addressed, Backfilled, Actor, Reach, Choices.Audiences, Say);

    /// <summary>Shown below the form where no JavaScript runs.</summary>
    public PreviewView? Preview { get; private set; }

    protected Composer Composer => composer;
    protected IncidentDesk Incidents => incidents;

    /// <summary>The page sets it before anything else; null for an incident that is to be opened.</summary>
    protected Incident? About { get; set; }

    protected abstract string Address { get; }

    /// <summary>The name of the draft in lists.</summary>
    protected virtual string NameOfDraft => string.IsNullOrWhiteSpace(Title) ? "Untitled incident" : Title;

    /// <summary>The severity that applies to the typed input.</summary>
    protected Severity? SeverityInForce => Input().SeverityOf(About);

    public SeverityRule? Rule => Choices.RuleOf(SeverityInForce);

    /// <summary>Whether the form needs approval before it can be published, as far as one can tell while somebody types.</summary>
    public bool NeedsApproval =>
        !MayPublish
        || (
            Choices.Rules.Any(rule => rule.NeedsApproval && (rule.Severity == About?.Severity || rule.Severity == SeverityInForce))
            && Draft?.IsApprovedBy(Actor) != true
        );

    protected ComposerInput Input()
    {
        Update.Tick();
        return new(Title, Severity, Impact, Update)
        {
            StartedAt = StartedAt,
            EndedAt = EndedAt,
            Backfilled = Backfilled,
        };
    }

    private void CheckWords() => UpdateRules.CheckWords(About is null, Title, Update.Body, Update.ImpactSummary, Update.TeamStatus);

    protected abstract Task<bool> FindAboutAsync();

    /// <summary>Reads what the page shows besides the form.</summary>
    protected virtual Task ShowAsync() => Task.CompletedTask;

    /// <summary>The browser saves while somebody types, and gets the previews back.</summary>
    public async Task<IActionResult> OnPostKeepAsync()
    {
        if (!MayDraft)
            return Forbid();
        if (!await FindAboutAsync())
            return NotFound();
        var input = Input();
        Draft? draft = null;
        try
        {
            if (!input.IsEmpty)
                draft = await Composer.KeepAsync(StatusPage, About?.Id, DraftId, DraftVersion, NameOfDraft, input.Write(), Actor, Token ?? "", Cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Two saves of one form collided; the next one contains everything.
            return StatusCode(StatusCodes.Status409Conflict);
        }
        catch (RuleViolation violation)
        {
            return StatusCode(StatusCodes.Status422UnprocessableEntity, violation.Message);
        }
        Db.ChangeTracker.Clear();
        if (draft is not null)
        {
            Response.Headers["Draft-Id"] = draft.Id.Value;
            Response.Headers["Draft-Version"] = $"{draft.Version}";
            var parted = await Db.CaseOfAsync(draft, Cancel) switch
            {
                { ClosedAt: not null } found when found.DraftId == draft.Id => "resolved",
                { ResolvedAt: null, EndDraftVersion: AlertCase.WrittenByPeople } found when found.EndDraftId == draft.Id => "fires",
                _ when DraftId is { Length: > 0 } known && known != draft.Id.Value => "1",
                _ => null,
            };
            if (parted is not null)
                Response.Headers["Draft-Parted"] = parted;
        }
        Choices = await Db.ChoicesAsync(StatusPage.Id, Now, Cancel);
        Draft = draft;
        var preview = await previews.ShowAsync(StatusPage, About?.Id, input, Choices, draft, Actor, Cancel);
        Reach = preview.Reached;
        return Partial("/Drafts/_Preview.cshtml", preview with { Button = Button, NeedsApproval = NeedsApproval });
    }

    public Task<IActionResult> OnPostDraftAsync() =>
        ActAsync(
            MayDraft,
            draft =>
            {
                Done = "Your draft is saved. Nobody but the team can see it.";
                return Task.FromResult(Web.Drafts.Composer.AddressOf(draft));
            }
        );

    public Task<IActionResult> OnPostPreviewAsync() => ActAsync(MayDraft, draft => Task.FromResult(Web.Drafts.Composer.AddressOf(draft) + "&preview=1"));

    public Task<IActionResult> OnPostSubmitAsync() =>
        ActAsync(
            MayDraft,
            async draft =>
            {
                // Errors are reported here to the author, who can correct them, and not later to the approver.
                Checks.All(CheckWords, () => Input().Ask(Clock, Now, draft, Actor));
                var imagined = await Composer.ImagineAsync(StatusPage, About?.Id, Input(), Choices, Actor, Cancel);
                if (imagined.Problem is { } problem)
                    throw new RuleViolation(problem);
                await Composer.SubmitAsync(StatusPage, draft, await Composer.PublishersAsync(StatusPage.Id, Cancel), Actor, Cancel);
                Done = "Submitted. Those who may publish were told by email.";
                return Web.Drafts.Composer.AddressOf(draft);
            }
        );

    public Task<IActionResult> OnPostTemplateAsync() =>
        ActAsync(
            MayDraft,
            async draft =>
            {
                if (Choices.Templates.FirstOrDefault(row => row.Id.Value == TemplateId) is not { } template)
                    throw new RuleViolation("Choose a template.", nameof(TemplateId));
                Apply(template);
                await Composer.KeepAsync(StatusPage, About?.Id, draft.Id.Value, null, NameOfDraft, Input().Write(), Actor, Token ?? "", Cancel);
                return Web.Drafts.Composer.AddressOf(draft);
            }
        );

    public Task<IActionResult> OnPostDiscardAsync() =>
        OnDraftAsync(MayDraft, "draft.discarded", draft => draft.Discard(Now), "The draft is thrown away.", _ => Address);

    public Task<IActionResult> OnPostSendBackAsync() =>
        OnDraftAsync(
            MayPublish,
            "draft.sent-back",
            draft => Composer.SendBack(StatusPage, draft, Because),
            "Sent back. Its author sees what you wrote.",
            Web.Drafts.Composer.AddressOf
        );

    /// <summary>Fills the form from a draft, or from what the address asks for.</summary>
    protected async Task ComposeAsync(string? draft)
    {
        Token = NewToken();
        var found = await Composer.FindAsync(StatusPage.Id, draft, Cancel);
        if (found is { IsOver: true, Corrects: null })
            Gone = await Composer.WhyNotAsync(found, null, Clock, Cancel);
        if (found is { IsOver: false, Corrects: null } && found.IncidentId == About?.Id)
        {
            Draft = found;
            var input = Web.Drafts.ComposerInput.Read(found.Content);
            (Title, Severity, Impact, Update, StartedAt, EndedAt, Backfilled) = (
                input.Title,
                input.Severity,
                input.Impact,
                input.Update,
                input.StartedAt,
                input.EndedAt,
                input.Backfilled
            );
            (DraftId, DraftVersion) = (found.Id.Value, found.Version);
        }
        await LoadAsync();
        if (Request.Query.ContainsKey("preview"))
            Preview = await PreviewAsync();
    }

    protected async Task LoadAsync()
    {
        Choices = await Db.ChoicesAsync(StatusPage.Id, Now, Cancel);
        Draft ??= await Composer.FindAsync(StatusPage.Id, DraftId, Cancel);
        Case = Draft is null ? null : await Db.CaseOfAsync(Draft, Cancel);
        FiresSince = Case is null ? null : await Db.FiresSinceAsync(Case.Id, Cancel);
        HasChart = Case is not null && await Db.ChartOfAsync(Case, Cancel) is not null;
        var about = About?.Id;
        Drafts = await Db
            .Drafts.AsNoTracking()
            .Where(row => row.PageId == StatusPage.Id && row.IncidentId == about && row.State <= DraftState.Submitted)
            .OrderByDescending(row => row.UpdatedAt)
            .Take(20)
            .ToListAsync(Cancel);
        var touched = Update.Components.Where(state => !string.IsNullOrEmpty(state.Value) && PublicId.LooksLikeOne(state.Key));
        Reach = await Db.ReachAsync(StatusPage.Id, touched.Select(state => ComponentId.Of(state.Key)).Union(About?.ComponentIds ?? []), About?.Id, Cancel);
        Response.Headers.ContentSecurityPolicy = SecurityHeaders.PolicyWithFrames;
        await ShowAsync();
    }

    /// <summary>Publishes the typed input, and marks the draft that it came from; or begins the countdown after which that is done.</summary>
    /// <param name="about">Null: an incident is opened.</param>
    /// <returns>Where it leads.</returns>
    protected async Task<string> PublishAsync(Incident? about)
    {
        About = about;
        var draft = await PublishedDraftAsync();
        var input = Input();
        UpdateRequest asked = new();
        Checks.All(CheckWords, () => asked = input.Ask(Clock, Now, draft, Actor));
        Question(asked);
        var approval = Web.Drafts.Composer.ApprovalOf(draft, input.Write(), Actor);
        draft = await QuestionAsync(draft, asked);
        if (StatusPage.TakeBack > TimeSpan.Zero)
        {
            await TryAsync(about, asked, approval);
            return Countdowns.AddressOf(
                await countdowns.BeginAsync(StatusPage, about, draft, NameOfDraft, input.Write(), AllTheSame, Actor, Token, Cancel)
            );
        }
        var (incident, plan) = await incidents.DoAsync(StatusPage, about, asked, approval, Actor, Token, Cancel, draft);
        RefuseNothing(plan);
        Done = string.Join(
            ' ',
            [
                Say[Backfilled ? "Added to the history. Nobody was told." : "Posted. It is on the page now, and on its way to subscribers."],
                .. plan.Notes.Select(note => Say[note]),
            ]
        );
        return $"/admin/incidents/{incident.Id}";
    }

    /// <summary>Whether it could be posted as it stands: its author hears of a fault now, and not after the countdown.</summary>
    private async Task TryAsync(Incident? about, UpdateRequest asked, Approval approval)
    {
        // Not tracked, so that no transaction could write it.
        var copy = about is null ? null : await Db.Incidents.AsNoTracking().Whole().FirstAsync(row => row.Id == about.Id, Cancel);
        var plan = UpdateRules.Plan(copy, asked, Choices.Rules, Choices.States, approval, Now);
        RefuseNothing(plan);
        plan.Publish(StatusPage.Id, copy, Choices.States, Actor, Now);
    }

    private static void RefuseNothing(UpdatePlan plan)
    {
        if (plan.Update is null)
            throw new RuleViolation("These words stand there already, and nothing else is new.", nameof(UpdateForm.Body));
    }

    /// <summary>Throws a <see cref="RuleViolation"/> where a question must be answered before publishing.</summary>
    protected virtual void Question(UpdateRequest asked) { }

    /// <summary>The draft that the form was kept in, to be published with it.</summary>
    private async Task<Draft?> PublishedDraftAsync()
    {
        Choices = await Db.ChoicesAsync(StatusPage.Id, Now, Cancel);
        return await Composer.FindAsync(StatusPage.Id, DraftId, Cancel) is { Corrects: null } draft && draft.IncidentId == About?.Id ? draft : null;
    }

    /// <summary>Asks whether to publish, where the draft or its alert is not what it was when it was opened.</summary>
    /// <returns>The draft to publish; null for what was published already.</returns>
    private async Task<Draft?> QuestionAsync(Draft? draft, UpdateRequest asked)
    {
        if (draft is null)
            return null;
        if (!AllTheSame && await Composer.WhyNotAsync(draft, asked.Phase, Clock, Cancel) is { } why)
        {
            AsksAllTheSame = true;
            throw new RuleViolation($"Nothing is posted yet. {why} Publish all the same?");
        }
        if (draft.State == DraftState.Discarded)
            draft.TakeBack(Now);
        return draft.IsOver ? null : draft;
    }

    private Task<PreviewView> PreviewAsync() => previews.ShowAsync(StatusPage, About?.Id, Input(), Choices, Draft, Actor, Cancel);

    /// <summary>Runs an action on the submitted form, which is saved first, whatever the action's result.</summary>
    private async Task<IActionResult> ActAsync(bool allowed, Func<Draft, Task<string>> act)
    {
        if (!allowed)
            return Forbid();
        if (!await FindAboutAsync())
            return NotFound();
        return await AttemptAsync(
            true,
            async () =>
            {
                Choices = await Db.ChoicesAsync(StatusPage.Id, Now, Cancel);
                Draft = await Composer.KeepAsync(StatusPage, About?.Id, DraftId, DraftVersion, NameOfDraft, Input().Write(), Actor, Token ?? "", Cancel);
                return await act(Draft);
            },
            async () =>
            {
                ModelState.Remove(nameof(DraftId));
                (DraftId, DraftVersion) = (Draft?.Id.Value, Draft?.Version);
                Draft = null;
                await FindAboutAsync();
                await LoadAsync();
            }
        );
    }

    private async Task<IActionResult> OnDraftAsync(bool allowed, string action, Action<Draft> change, string done, Func<Draft, string> then)
    {
        if (!allowed)
            return Forbid();
        if (!await FindAboutAsync())
            return NotFound();
        return await AttemptAsync(
            true,
            async () =>
            {
                var draft = await Composer.FindAsync(StatusPage.Id, DraftId, Cancel) ?? throw new RuleViolation("There is no such draft any more.");
                change(draft);
                await Writer.SaveAsync(StatusPage.Id, new(Actor, action, $"{draft.Id} {draft.Title}"), Cancel);
                Done = done;
                return then(draft);
            },
            LoadAsync
        );
    }

    private void Apply(Template template)
    {
        var names = Update.Components.Where(state => !string.IsNullOrEmpty(state.Value)).Select(state => state.Key).ToHashSet();
        var touched = Choices
            .Components.Where(component =>
                names.Contains(component.Id.Value) || template.ComponentIds.Contains(component.Id) || About?.ComponentIds.Contains(component.Id) == true
            )
            .Select(component => component.Name)
            .ToList();
        var severity = template.Severity ?? SeverityInForce;
        var values = new Dictionary<string, string> { ["page"] = StatusPage.Name, ["time"] = Clock.Time(Now) };
        if (touched.Count > 0)
            values["component"] = touched.Count == 1 ? touched[0] : $"{string.Join(", ", touched.SkipLast(1))} and {touched[^1]}";
        if (severity is { } rated)
            values["severity"] = rated.Code();
        if (About is not null)
            values["incident"] = About.Title;
        if (template.Opens)
        {
            Title = Template.Fill(template.Title, values) ?? Title;
            Severity = template.Severity?.Code() ?? Severity;
            foreach (var component in template.ComponentIds)
                Update.Components.TryAdd(component.Value, UpdateForm.Proposed);
        }
        (Update.Phase, Update.Body) = (template.Phase.Code(), Template.Fill(template.Body, values));
        Update.ImpactSummary = Template.Fill(template.ImpactSummary, values) ?? Update.ImpactSummary;
        Update.TeamStatus = Template.Fill(template.TeamStatus, values) ?? Update.TeamStatus;
    }
}
