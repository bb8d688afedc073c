using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Languages;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Incidents;

/// <summary>Puts right what was posted, or takes it back. Both are public.</summary>
public sealed class EditUpdatePage(Desk desk, IncidentDesk incidents) : AdminPage(desk)
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

    /// <summary>By the audience's id.</summary>
    [BindProperty]
    public Dictionary<string, string?> Wordings { get; set; } = [];

    /// <summary>By the language's code.</summary>
    [BindProperty]
    public Dictionary<string, TranslationForm> Translations { get; set; } = [];

    [BindProperty]
    public bool Tells { get; set; } = true;

    /// <summary>Why it is withdrawn.</summary>
    [BindProperty]
    public string? Because { get; set; }

    public Incident Incident { get; private set; } = null!;
    public IncidentUpdate Update { get; private set; } = null!;
    public IReadOnlyDictionary<string, string> Audiences { get; private set; } = new Dictionary<string, string>();

    public Language Own => Language.Find(StatusPage.Language) ?? Language.English;

    /// <summary>Taken back alone, it would leave an incident that says nothing.</summary>
    public bool IsOnly => Incident.Updates.Count(update => update.WithdrawnAt is null) == 1;

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync()) return NotFound();
        if (!MayPublish) return Forbid();
        Token = NewToken();
        Version = Incident.Version;
        (Body, ImpactSummary, TeamStatus, Tells) = (Update.Body, Update.ImpactSummary, Update.TeamStatus, Update.Notifies);
        Translations = TranslationForm.Of(Update.Translations);
        Wordings = Update.Wordings.ToDictionary(wording => wording.AudienceId.Value, wording => (string?)wording.Body);
        return Page();
    }

    public Task<IActionResult> OnPostCorrectAsync() => ChangeAsync(async () =>
    {
        IReadOnlyList<UpdateWording> wordings = [.. Update.Wordings.Select(wording => wording with { Body = Wordings.GetValueOrDefault(wording.AudienceId.Value) ?? wording.Body })];
        await incidents.CorrectAsync(Incident, Update.Id, Body, ImpactSummary, TeamStatus, wordings, Tells, Actor, Token, Cancel);
        Done = Tells && Update.Notifies ? "Corrected. The page shows it, and whoever was told of it is told again." : "Corrected. The page shows it.";
    });

    public Task<IActionResult> OnPostTranslateAsync() => ChangeAsync(async () =>
    {
        await incidents.TranslateAsync(Incident, Update.Id, TranslationForm.Read(Translations), Actor, Token, Cancel);
        Done = "Saved. The page says it in those languages, too.";
    });

    public Task<IActionResult> OnPostWithdrawAsync() => ChangeAsync(async () =>
    {
        if (IsOnly) await incidents.WithdrawAllAsync(Incident, Because, Actor, Token, Cancel);
        else await incidents.WithdrawAsync(Incident, Update.Id, Because, Actor, Token, Cancel);
        Done = "Withdrawn. The page says so, with your reason.";
    });

    private async Task<IActionResult> ChangeAsync(Func<Task> change)
    {
        if (!await LoadAsync()) return NotFound();
        return await AttemptAsync(MayPublish, async () =>
        {
            if (Incident.Version != Version) throw new RuleViolation($"Somebody else changed this incident at {Clock.Time(Incident.UpdatedAt)}. Nothing of yours was published, and all of it is still here. Look at what is new, then send it again.");
            await change();
            return $"/admin/incidents/{Id}";
        }, async () =>
        {
            await LoadAsync();
            ModelState.Remove(nameof(Version));
            Version = Incident.Version;
        });
    }

    private async Task<bool> LoadAsync()
    {
        if (await incidents.FindAsync(StatusPage.Id, Id, Cancel) is not { } incident || incident.Updates.FirstOrDefault(update => update.Id.Value == UpdateId) is not { } update) return false;
        (Incident, Update) = (incident, update);
        Audiences = await Db.Audiences.AsNoTracking().Where(row => row.PageId == StatusPage.Id).ToDictionaryAsync(row => row.Id.Value, row => row.Name, Cancel);
        return true;
    }
}
