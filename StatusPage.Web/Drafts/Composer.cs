using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;
using StatusPage.Web.Notices;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Drafts;

/// <summary>All that was typed into the composer.</summary>
public sealed record Typed(string? Title, string? Severity, string? Impact, UpdateForm Update)
{
    private static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault };

    public bool IsEmpty => string.IsNullOrWhiteSpace(Title) && string.IsNullOrWhiteSpace(Update.Body);

    public string Write() => JsonSerializer.Serialize(this with { Update = Update.Tidied() }, Json);

    public static Typed Read(string content) => JsonSerializer.Deserialize<Typed>(content, Json)!;
}

/// <summary>What would come of what is typed.</summary>
/// <param name="Problem">Why it could not be posted as it stands.</param>
public sealed record Imagined(Incident Incident, IncidentUpdate Update, UpdateDraft Draft, string? Problem);

/// <summary>Keeps drafts, and turns what was typed into what would be published.</summary>
public sealed class Composer(Desk desk, NoticeBox notices)
{
    public StatusDb Db => desk.Db;

    public Task<Draft?> FindAsync(PageId page, string? id, CancellationToken cancel) => PublicId.LooksLikeOne(id)
        ? Db.Drafts.FirstOrDefaultAsync(draft => draft.PageId == page && draft.Id == DraftId.Of(id!), cancel)
        : Task.FromResult<Draft?>(null);

    /// <summary>
    /// Keeps what was typed. Who writes in a draft that another changed meanwhile goes on in one of their own, so that nobody's words are lost.
    /// </summary>
    /// <param name="version">Of the draft as the form knows it.</param>
    /// <param name="form">The form's token.</param>
    public async Task<Draft> KeepAsync(Page page, IncidentId? incident, string? id, int? version, string title, Typed typed, string editor, string form, CancellationToken cancel)
    {
        var content = typed.Write();
        var draft = await FindAsync(page.Id, id, cancel);
        if (draft is null || draft.IsOver || draft.IncidentId != incident || (version is { } known && known != draft.Version && draft.Form != form && draft.Content != content))
            Db.Drafts.Add(draft = Draft.Begin(page.Id, incident, title, content, editor, form, desk.Now));
        else draft.Write(title, content, editor, form, desk.Now);
        // No act for the audit: the draft itself says who and when, and it is kept with every stroke.
        await Db.SaveChangesAsync(cancel);
        return draft;
    }

    /// <summary>Asks all who may publish, but the one who asks.</summary>
    public async Task SubmitAsync(Page page, Draft draft, IReadOnlyList<string> publishers, string by, CancellationToken cancel)
    {
        draft.Submit(by, desk.Now);
        foreach (var publisher in publishers.Where(publisher => publisher != by))
        {
            notices.Mail(page.Id, $"draft.{draft.Id}.{draft.Version}.{publisher}", publisher, new(
                $"[{page.Name}] Waits for your approval: {draft.Title}",
                $"{by} wrote an update that waits for somebody to look at it and publish it: “{draft.Title}”.", "Read and publish", AddressOf(draft)));
        }
        await desk.SaveAsync(page.Id, new(by, "draft.submitted", $"{draft.Id} {draft.Title}"), cancel);
    }

    public static string AddressOf(Draft draft) => draft.IncidentId is { } incident ? $"/admin/incidents/{incident}?draft={draft.Id}" : $"/admin/incidents/new?draft={draft.Id}";

    /// <summary>
    /// Whether somebody may publish what they typed: a severity can require a second pair of eyes, which are those of who publishes
    /// what another submitted, unchanged.
    /// </summary>
    public static void RefuseWithoutApproval(SeverityRule? rule, Draft? draft, Typed typed, string publisher)
    {
        if (rule is not { NeedsApproval: true }) return;
        if (draft is null || !draft.IsApprovedBy(publisher) || draft.Content != typed.Write())
        {
            throw new RuleViolation(draft?.State == DraftState.Submitted && draft.SubmittedBy != publisher
                ? $"{rule.Severity.Code()} needs two pairs of eyes, and this is no longer what {draft.SubmittedBy} submitted. Submit it for approval, and {draft.SubmittedBy} or somebody else publishes it."
                : $"{rule.Severity.Code()} needs two pairs of eyes. Submit this for approval, and somebody else publishes it.");
        }
    }

    /// <summary>The update with its authors on record.</summary>
    public static UpdateDraft Sign(UpdateDraft update, Draft? draft, string publisher) => draft is null ? update : update with
    {
        DraftedBy = draft.Author == publisher ? null : draft.Author,
        ApprovedBy = draft.State == DraftState.Submitted && draft.SubmittedBy != publisher ? publisher : null,
    };

    /// <summary>
    /// What would come of it: the incident as it would be, by the same rules as a real post. What is missing is replaced by dots,
    /// and what is wrong is said.
    /// </summary>
    public async Task<Imagined> ImagineAsync(Page page, IncidentId? about, Typed typed, Offer offer, string actor, CancellationToken cancel)
    {
        // Never one that a transaction could write.
        var incident = about is null ? null : await Db.Incidents.AsNoTracking().Whole().FirstOrDefaultAsync(row => row.Id == about, cancel);
        var clock = ZoneClock.For(page.TimeZone, desk.Now);
        var form = typed.Update;
        var severity = incident is null ? Severities.Parse(typed.Severity) : incident.Severity;
        var rule = offer.RuleOf(severity);
        string? problem = null;
        UpdateDraft draft;
        try
        {
            draft = form.Read(clock, desk.Now, Restored(incident, offer), rule);
        }
        catch (RuleViolation violation)
        {
            problem = violation.Message;
            draft = new() { Phase = Phases.Parse(form.Phase) ?? Phase.Investigating, Body = form.Body ?? "", ImpactSummary = form.ImpactSummary, TeamStatus = form.TeamStatus, Cadence = rule?.Cadence };
        }
        if (string.IsNullOrWhiteSpace(draft.Body)) draft = draft with { Body = "…" };
        try
        {
            var (told, posted) = Post(draft);
            return new(told, posted.Update, draft, problem);
        }
        catch (RuleViolation violation)
        {
            problem = violation.Message;
            draft = new() { Phase = draft.Phase, Body = draft.Body.Length > UpdateDraft.MaxBodyLength ? draft.Body[..UpdateDraft.MaxBodyLength] : draft.Body, Cadence = rule?.Cadence };
            var (told, posted) = Incident.Open(page.Id, "…", severity, null, draft with { Phase = Phase.Investigating }, [], actor, desk.Now);
            return new(told, posted.Update, draft, problem);
        }

        (Incident, Posted) Post(UpdateDraft update)
        {
            if (incident is null) return Incident.Open(page.Id, string.IsNullOrWhiteSpace(typed.Title) ? "…" : typed.Title, severity, ImpactOf(typed, draft, rule), update, offer.Components, actor, desk.Now);
            return (incident, incident.Phase.IsOver() ? incident.Reopen(update, offer.Components, actor, desk.Now) : incident.Post(update, offer.Components, actor, desk.Now));
        }
    }

    /// <summary>The impact on the page: as chosen; else as the components say; else, where none is named, as the severity proposes.</summary>
    public static Impact? ImpactOf(Typed typed, UpdateDraft draft, SeverityRule? rule) =>
        Impacts.Parse(typed.Impact) ?? (draft.Components.Values.Any(status => status > Domain.Components.ComponentStatus.UnderMaintenance) ? null : rule?.ProposedImpact);

    /// <summary>An archived component has no state to bring back.</summary>
    public static IEnumerable<ComponentId> Restored(Incident? incident, Offer offer) =>
        incident is null ? [] : incident.ComponentIds.Where(id => offer.Components.Any(component => component.Id == id));
}
