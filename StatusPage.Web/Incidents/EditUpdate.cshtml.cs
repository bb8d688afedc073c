using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Languages;
using StatusPage.Web.Data;
using StatusPage.Web.Drafts;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Incidents;

/// <summary>Corrects or withdraws an update. Both are public.</summary>
public sealed class EditUpdatePage(ChangeWriter writer, IncidentDesk incidents, Composer composer) : AdminPage(writer)
{
    [FromRoute]
    public string Id { get; set; } = "";

    [FromRoute]
    public string UpdateId { get; set; } = "";

    /// <summary>The incident's version when the form was shown.</summary>
    [BindProperty]
    public int Version { get; set; }

    [BindProperty]
    public string? Body { get; set; }

    [BindProperty]
    public string? ImpactSummary { get; set; }

    [BindProperty]
    public string? TeamStatus { get; set; }

    /// <summary>By audience id.</summary>
    [BindProperty]
    public Dictionary<string, string?> Wordings { get; set; } = [];

    /// <summary>By the language's code.</summary>
    [BindProperty]
    public Dictionary<string, TranslationForm> Translations { get; set; } = [];

    [BindProperty]
    public bool Tells { get; set; }

    [BindProperty]
    public string? DraftId { get; set; }

    /// <summary>The draft's version that the form knows.</summary>
    [BindProperty]
    public int? DraftVersion { get; set; }

    /// <summary>Why it is withdrawn.</summary>
    [BindProperty]
    public string? Because { get; set; }

    /// <summary>The update as it would be; null while nobody asked.</summary>
    public IncidentUpdate? Looked { get; private set; }

    /// <summary>Why it cannot be corrected like that.</summary>
    public string? NotYet { get; private set; }

    /// <summary>The draft that holds the typed input.</summary>
    public Draft? Draft { get; private set; }

    /// <summary>Whether the draft is a translation rather than a correction.</summary>
    public bool Translates { get; private set; }

    /// <summary>Whether somebody else must approve it first.</summary>
    public bool NeedsApproval { get; private set; }

    public Incident Incident { get; private set; } = null!;
    public IncidentUpdate Update { get; private set; } = null!;
    public IReadOnlyDictionary<string, string> Audiences { get; private set; } = new Dictionary<string, string>();

    public Language Own => Language.Find(StatusPage.Language) ?? Language.English;

    /// <summary>Whether withdrawing only this update would leave an incident without any.</summary>
    public bool IsOnly => Incident.Updates.Count(update => update.WithdrawnAt is null) == 1;

    public async Task<IActionResult> OnGetAsync(string? draft)
    {
        if (!await LoadAsync())
            return NotFound();
        if (!MayPublish)
            return Forbid();
        Token = NewToken();
        Version = Incident.Version;
        (Body, ImpactSummary, TeamStatus) = (Update.Body, Update.ImpactSummary, Update.TeamStatus);
        Translations = TranslationForm.Of(Update.Translations);
        Wordings = Update.Wordings.ToDictionary(wording => wording.AudienceId.Value, wording => (string?)wording.Body);
        if (await FindDraftAsync(draft) is not { } found)
            return Page();
        (Draft, DraftId, DraftVersion) = (found, found.Id.Value, found.Version);
        var input = CorrectionInput.Read(found.Content);
        Translates = input.Translates;
        if (input.Translations is { } translations)
            Translations = translations.ToDictionary();
        else
            (Body, ImpactSummary, TeamStatus, Wordings, Tells) = (
                input.Body,
                input.ImpactSummary,
                input.TeamStatus,
                input.Wordings?.ToDictionary() ?? [],
                input.Tells
            );
        return Page();
    }

    public Task<IActionResult> OnPostCorrectAsync() =>
        ChangeAsync(async () =>
        {
            var draft = await FindDraftAsync(DraftId);
            await incidents.CorrectAsync(
                Incident,
                Update.Id,
                Body,
                ImpactSummary,
                TeamStatus,
                NewWordings(),
                Tells,
                Composer.ApprovalOf(draft, Input(translates: false).Write(), Actor),
                Actor,
                Token,
                Cancel,
                draft
            );
            Done =
                Tells && Update.Notifies
                    ? "Corrected. The page shows it, and whoever was told of it is told what it said and says."
                    : "Corrected. The page shows it.";
        });

    /// <summary>Shows what readers would see, before anything is saved.</summary>
    public async Task<IActionResult> OnPostLookAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        if (!MayPublish)
            return Forbid();
        Draft = await FindDraftAsync(DraftId);
        // Not tracked, so that no transaction could write it.
        var copy = await Db.Incidents.AsNoTracking().Whole().FirstAsync(row => row.Id == Incident.Id, Cancel);
        try
        {
            Looked = copy.Correct(Update.Id, Body, ImpactSummary, TeamStatus, NewWordings(), Now);
        }
        catch (RuleViolation violation)
        {
            NotYet = violation.Message;
        }
        return Page();
    }

    public Task<IActionResult> OnPostTranslateAsync() =>
        ChangeAsync(async () =>
        {
            var draft = await FindDraftAsync(DraftId);
            await incidents.TranslateAsync(
                Incident,
                Update.Id,
                TranslationForm.Read(Translations),
                Composer.ApprovalOf(draft, Input(translates: true).Write(), Actor),
                Actor,
                Token,
                Cancel,
                draft
            );
            Done = "Saved. The page says it in those languages, too.";
        });

    public Task<IActionResult> OnPostSubmitAsync(bool translates) =>
        ChangeAsync(async () =>
        {
            // Errors are reported here to the author, who can correct them, and not later to the approver.
            if (translates)
                Incident.Translate(Update.Id, TranslationForm.Read(Translations), Now);
            else
                Incident.Correct(Update.Id, Body, ImpactSummary, TeamStatus, NewWordings(), Now);
            Db.ChangeTracker.Clear();
            var draft = await composer.KeepAsync(
                StatusPage,
                Incident.Id,
                DraftId,
                DraftVersion,
                $"{(translates ? "Translation" : "Correction")}: {Incident.Title}",
                Input(translates).Write(),
                Actor,
                Token ?? "",
                Cancel,
                Update.Id
            );
            await composer.SubmitAsync(StatusPage, draft, await composer.PublishersAsync(StatusPage.Id, Cancel), Actor, Cancel);
            Done = "Submitted. Those who may publish were told by email.";
        });

    public Task<IActionResult> OnPostDiscardAsync() => OnDraftAsync("draft.discarded", draft => draft.Discard(Now), "The draft is thrown away.");

    public Task<IActionResult> OnPostSendBackAsync() =>
        OnDraftAsync("draft.sent-back", draft => composer.SendBack(StatusPage, draft, Because), "Sent back. Its author sees what you wrote.");

    private Task<IActionResult> OnDraftAsync(string action, Action<Draft> change, string done) =>
        ChangeAsync(async () =>
        {
            var draft = await FindDraftAsync(DraftId) ?? throw new RuleViolation("There is no such draft any more.");
            change(draft);
            await Writer.SaveAsync(StatusPage.Id, new(Actor, action, $"{draft.Id} {draft.Title}"), Cancel);
            Done = done;
        });

    private IReadOnlyList<UpdateWording> NewWordings() =>
        [
            .. Update
                .AudienceIds.Select(id =>
                    Wordings.GetValueOrDefault(id.Value) is { } typed && !string.IsNullOrWhiteSpace(typed)
                        ? (Update.WordingFor(id) ?? new(id, "", null, null)) with
                        {
                            Body = typed,
                        }
                        : Update.WordingFor(id)
                )
                .OfType<UpdateWording>(),
        ];

    // When the form has no wording, the model binder takes the other fields for wordings.
    private CorrectionInput Input(bool translates) =>
        translates
            ? CorrectionInput.Translation(Translations)
            : CorrectionInput.Correction(
                Body,
                ImpactSummary,
                TeamStatus,
                NewWordings().ToDictionary(wording => wording.AudienceId.Value, wording => (string?)wording.Body),
                Tells
            );

    private async Task<Draft?> FindDraftAsync(string? id) =>
        await composer.FindAsync(StatusPage.Id, id, Cancel) is { IsOver: false } draft && draft.IncidentId == Incident.Id && draft.Corrects == Update.Id
            ? draft
            : null;

    public Task<IActionResult> OnPostWithdrawAsync() =>
        ChangeAsync(async () =>
        {
            if (IsOnly)
                await incidents.WithdrawAllAsync(Incident, Because, Actor, Token, Cancel);
            else
                await incidents.WithdrawAsync(Incident, Update.Id, Because, Actor, Token, Cancel);
            Done = "Withdrawn. The page says so, with your reason.";
        });

    private async Task<IActionResult> ChangeAsync(Func<Task> change)
    {
        if (!await LoadAsync())
            return NotFound();
        return await AttemptAsync(
            MayPublish,
            async () =>
            {
                if (Incident.Version != Version)
                    throw new RuleViolation(
                        $"Somebody else changed this incident at {Clock.Time(Incident.UpdatedAt)}. "
                            + $"Nothing of yours was published, and all of it is still here. Look at what is new, then send it again."
                    );
                await change();
                return $"/admin/incidents/{Id}";
            },
            async () =>
            {
                await LoadAsync();
                ModelState.Remove(nameof(Version));
                Version = Incident.Version;
                Draft = await FindDraftAsync(DraftId);
                Translates = Draft is not null && CorrectionInput.Read(Draft.Content).Translates;
            }
        );
    }

    private async Task<bool> LoadAsync()
    {
        if (
            await incidents.FindAsync(StatusPage.Id, Id, Cancel) is not { } incident
            || incident.Updates.FirstOrDefault(update => update.Id.Value == UpdateId) is not { } update
        )
            return false;
        (Incident, Update) = (incident, update);
        NeedsApproval = (await Db.SeverityRulesAsync(StatusPage.Id, Cancel)).Any(rule => rule.NeedsApproval && rule.Severity == incident.Severity);
        Audiences = await Db
            .Audiences.AsNoTracking()
            .Where(row => row.PageId == StatusPage.Id)
            .ToDictionaryAsync(row => row.Id.Value, row => row.Name, Cancel);
        return true;
    }
}
