using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Alerts;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;
using StatusPage.Web.Notices;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Drafts;

/// <summary>Everything that was typed into the composer. For an existing incident, empty fields stay as they are.</summary>
public sealed record ComposerInput(string? Title, string? Severity, string? Impact, UpdateForm Update)
{
    /// <summary>For an existing incident: its rating is removed.</summary>
    public const string NotRated = "unrated";

    /// <summary>For an existing incident: its impact is no longer set by hand.</summary>
    public const string NotByHand = "auto";

    /// <summary>The values of datetime-local fields, in the page's zone.</summary>
    public string? StartedAt { get; init; }
    public string? EndedAt { get; init; }
    public bool Backfilled { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsEmpty => string.IsNullOrWhiteSpace(Title) && string.IsNullOrWhiteSpace(Update.Body);

    /// <summary>The severity that would apply.</summary>
    public Severity? SeverityOf(Incident? about) =>
        Severity switch
        {
            null or "" => about?.Severity,
            NotRated => null,
            var code => Severities.Parse(code),
        };

    /// <summary>Every value is written: one that is left out would come back as what the form begins with, such as "for the public".</summary>
    public string Write() => JsonSerializer.Serialize(this with { Update = Update.Tidied() });

    public static ComposerInput Read(string content) => JsonSerializer.Deserialize<ComposerInput>(content)!;

    /// <summary>Turns the input into a request.</summary>
    /// <param name="draft">The draft that it was kept in.</param>
    /// <exception cref="RuleViolation">A field cannot be read.</exception>
    public UpdateRequest Ask(ZoneClock clock, DateTimeOffset now, Draft? draft, string publisher)
    {
        UpdateRequest asked = new();
        DateTimeOffset? startedAt = null;
        DateTimeOffset? endedAt = null;
        Checks.All(
            () =>
            {
                if (Severity is { Length: > 0 } and not NotRated && Severities.Parse(Severity) is null)
                    throw new RuleViolation("Choose SEV1 to SEV4.", nameof(Severity));
            },
            () => asked = Update.Ask(clock, now),
            () => startedAt = InstantOf(StartedAt, clock, nameof(StartedAt)),
            () => endedAt = Backfilled ? InstantOf(EndedAt, clock, nameof(EndedAt)) : null
        );
        return asked with
        {
            Title = Title,
            Severity = string.IsNullOrEmpty(Severity) ? default : new(Severities.Parse(Severity)),
            ImpactOverride = string.IsNullOrEmpty(Impact) ? default : new(Impacts.Parse(Impact)),
            StartedAt = startedAt,
            EndedAt = endedAt,
            IsBackfilled = Backfilled,
            DraftedBy = draft is null || draft.Author == publisher ? null : draft.Author,
            ApprovedBy = draft is { State: DraftState.Submitted } && draft.SubmittedBy != publisher ? publisher : null,
        };
    }

    private static DateTimeOffset? InstantOf(string? field, ZoneClock clock, string name) =>
        string.IsNullOrWhiteSpace(field) ? null
        : clock.TryReadLocal(field, out var instant) ? instant
        : throw new RuleViolation("Enter a day and a time.", name);
}

/// <summary>The result of publishing what is typed.</summary>
/// <param name="Restored">The components that go back to operational because the incident ends.</param>
/// <param name="Notes">What is ignored, in sentences.</param>
/// <param name="Problem">Why it could not be posted as it stands.</param>
public sealed record Imagined(
    Incident Incident,
    IncidentUpdate Update,
    UpdateContent Draft,
    IReadOnlyList<ComponentId> Restored,
    IReadOnlyList<Sentence> Notes,
    string? Problem
);

/// <summary>Keeps drafts, and turns what was typed into what would be published.</summary>
public sealed class Composer(ChangeWriter writer, NoticeBox notices)
{
    /// <summary>Characters of a draft's first line in lists.</summary>
    private const int LongestLine = 100;

    public StatusDb Db => writer.Db;

    public Task<Draft?> FindAsync(PageId page, string? id, CancellationToken cancel) =>
        PublicId.LooksLikeOne(id)
            ? Db.Drafts.FirstOrDefaultAsync(draft => draft.PageId == page && draft.Id == DraftId.Of(id!), cancel)
            : Task.FromResult<Draft?>(null);

    /// <summary>Keeps what was typed. If somebody else changed the draft meanwhile, it is kept in a new draft, so that no text is lost.</summary>
    /// <param name="version">The draft's version that the form knows.</param>
    /// <param name="form">The form's token.</param>
    /// <param name="corrects">The update that it would correct; null for a new update.</param>
    public async Task<Draft> KeepAsync(
        Page page,
        IncidentId? incident,
        string? id,
        int? version,
        string title,
        string content,
        string editor,
        string form,
        CancellationToken cancel,
        UpdateId? corrects = null
    )
    {
        var draft = await FindAsync(page.Id, id, cancel);
        var closed = draft is { State: DraftState.Discarded } ? await Db.CaseThatClosedAsync(draft, cancel) : null;
        if (
            draft is null
            || draft.IsOver
            || draft.IncidentId != incident
            || draft.Corrects != corrects
            || (draft.IsCountingDown && draft.Content != content)
            || (version is { } known && known != draft.Version && draft.Form != form && draft.Content != content)
        )
            Db.Drafts.Add(draft = Draft.Begin(page.Id, incident, title, content, editor, form, writer.Now, corrects));
        else
            draft.Write(title, content, editor, form, writer.Now);
        // Somebody goes on with what the program has closed: the case stays theirs.
        if (closed is not null && draft.IncidentId is null)
            closed.GoOn(draft.Id, editor, writer.Now);
        else
            closed?.EndDrafted(draft.Id, AlertCase.WrittenByPeople);
        // No audit entry: the draft itself says who and when, and it is saved while somebody types.
        await Db.SaveChangesAsync(cancel);
        return draft;
    }

    /// <summary>Asks everybody who may publish, except the one who submits.</summary>
    public async Task SubmitAsync(Page page, Draft draft, IReadOnlyList<string> publishers, string by, CancellationToken cancel)
    {
        draft.Submit(by, writer.Now);
        foreach (var publisher in publishers.Where(publisher => publisher != by))
        {
            notices.Mail(
                page.Id,
                $"draft.{draft.Id}.{draft.Version}.{publisher}",
                publisher,
                new(
                    $"[{page.Name}] Waits for your approval: {draft.Title}",
                    $"{by} wrote an update that waits for somebody to look at it and publish it: “{draft.Title}”.",
                    "Read and publish",
                    AddressOf(draft)
                )
            );
        }
        await writer.SaveAsync(page.Id, new(by, "draft.submitted", $"{draft.Id} {draft.Title}"), cancel);
    }

    /// <summary>Sends back what was submitted; whoever submitted it hears why.</summary>
    public void SendBack(Page page, Draft draft, string? because)
    {
        var author = draft.SubmittedBy;
        draft.SendBack(because, writer.Now);
        if (author?.Contains('@') == true)
            notices.Mail(
                page.Id,
                $"draft.{draft.Id}.{draft.Version}.sent-back",
                author,
                new(
                    $"[{page.Name}] Sent back: {draft.Title}",
                    $"“{draft.Title}” was not published yet: {draft.SentBackBecause}",
                    "Change it",
                    AddressOf(draft)
                )
            );
    }

    public Task<List<string>> PublishersAsync(PageId page, CancellationToken cancel) =>
        Db.MembersOf(page)
            .Where(row => row.Membership.Role == Role.Owner || row.Membership.Role == Role.Comms)
            .Select(row => row.Account.Email!)
            .ToListAsync(cancel);

    /// <summary>How a draft begins, in lists; empty while nothing is written.</summary>
    public static string FirstLineOf(Draft draft)
    {
        var body = draft.Corrects is null ? ComposerInput.Read(draft.Content).Update.Body : CorrectionInput.Read(draft.Content).Body;
        var line = body?.Trim().Split('\n')[0] ?? "";
        return line.Length <= LongestLine ? line : Text.Cut(line, LongestLine) + "…";
    }

    public static string AddressOf(Draft draft) =>
        draft switch
        {
            { IncidentId: { } incident, Corrects: { } update } => $"/admin/incidents/{incident}/updates/{update}?draft={draft.Id}",
            { IncidentId: { } incident } => $"/admin/incidents/{incident}?draft={draft.Id}",
            _ => $"/admin/incidents/new?draft={draft.Id}",
        };

    /// <summary>Why the draft, or the alert that it is about, is not what it was when somebody began to write; null when it is.</summary>
    /// <param name="asked">The phase that is posted; null while nobody posts.</param>
    public async Task<string?> WhyNotAsync(Draft draft, Phase? asked, ZoneClock clock, CancellationToken cancel)
    {
        var found = await Db.CaseOfAsync(draft, cancel);
        if (found is { ClosedAt: { } closed } && found.DraftId == draft.Id)
            return $"The alert has resolved; the draft was closed at {clock.Near(closed, writer.Now)}.";
        if (found is not null && found.EndDraftId == draft.Id && asked?.IsOver() != false && await Db.FiresSinceAsync(found.Id, cancel) is { } since)
            return $"The alert fires again, since {clock.Near(since, writer.Now)}, and this would end the incident.";
        return draft.State switch
        {
            DraftState.Discarded => $"This draft was thrown away at {clock.Near(draft.UpdatedAt, writer.Now)}.",
            DraftState.Published => $"This draft was published already, at {clock.Near(draft.UpdatedAt, writer.Now)}.",
            _ => null,
        };
    }

    /// <summary>Why what somebody wrote is not posted: the incident is not the one that they saw.</summary>
    /// <param name="when">When it changed, as the beginning of a sentence.</param>
    public static string WhyStale(Incident incident, ZoneClock clock, string when = "While you were writing") =>
        $"{when}, {incident.Latest.Author} changed this incident: it is '{incident.Phase.Label()}' since {clock.Time(incident.UpdatedAt)}. "
        + "Nothing of yours was posted, and all of it is still here. Read what is new, then send it again.";

    /// <summary>Approval is given when somebody publishes, unchanged, what another person submitted.</summary>
    /// <param name="content">The typed content.</param>
    public static Approval ApprovalOf(Draft? draft, string content, string publisher) =>
        draft?.IsApprovedBy(publisher) == true && draft.Content == content ? Approval.Given
        : draft?.State == DraftState.Submitted && draft.SubmittedBy != publisher
            ? Approval.Missing(
                $"This is no longer what {draft.SubmittedBy} submitted. Submit it for approval, and {draft.SubmittedBy} or somebody else publishes it."
            )
        : Approval.Missing("Submit this for approval, and somebody else publishes it.");

    /// <summary>
    /// The result of publishing: the incident as it would be, by the same rules as a real post. Missing fields are replaced by dots, and errors are named.
    /// </summary>
    public async Task<Imagined> ImagineAsync(
        Page page,
        IncidentId? about,
        ComposerInput input,
        ComposerChoices choices,
        string actor,
        CancellationToken cancel
    )
    {
        // Not tracked, so that no transaction could write it.
        var incident = about is null ? null : await Db.Incidents.AsNoTracking().Whole().FirstOrDefaultAsync(row => row.Id == about, cancel);
        string? problem = null;
        UpdateRequest asked;
        try
        {
            asked = input.Ask(ZoneClock.For(page.TimeZone, writer.Now), writer.Now, null, actor);
            IncidentRules.RefuseUnfilled([
                (nameof(asked.Body), asked.Body),
                (nameof(asked.ImpactSummary), asked.ImpactSummary.Value),
                (nameof(asked.TeamStatus), asked.TeamStatus.Value),
            ]);
        }
        catch (RuleViolation violation)
        {
            problem = violation.Message;
            asked = new() { Severity = new(input.SeverityOf(incident)), Phase = Phases.Parse(input.Update.Phase) };
        }
        if (string.IsNullOrWhiteSpace(asked.Body))
            asked = asked with { Body = string.IsNullOrWhiteSpace(input.Update.Body) ? "…" : input.Update.Body };
        if (incident is null && string.IsNullOrWhiteSpace(asked.Title))
            asked = asked with { Title = string.IsNullOrWhiteSpace(input.Title) ? "…" : input.Title };
        try
        {
            return Imagine(page, incident, asked, choices, actor, problem);
        }
        catch (RuleViolation violation)
        {
            var rule = choices.RuleOf(input.SeverityOf(incident));
            UpdateContent draft = new()
            {
                Phase = asked.Phase ?? Phase.Investigating,
                Body = Showable(asked.Body!),
                Cadence = rule?.Cadence,
                ProposedImpact = rule?.ProposedImpact ?? Impact.None,
            };
            var told = Incident.Open(
                page.Id,
                "…",
                input.SeverityOf(incident),
                null,
                draft with
                {
                    Phase = Phase.Investigating,
                },
                choices.States,
                actor,
                writer.Now
            );
            return new(told, told.Latest, draft, [], [], problem ?? violation.Message);
        }
    }

    /// <summary>The part of a body that can be shown where the body breaks a rule.</summary>
    private static string Showable(string body)
    {
        try
        {
            return MarkdownRule.Block(Text.Cut(Text.Shown(body), UpdateContent.MaxBodyLength), "", "what happened", UpdateContent.MaxBodyLength);
        }
        catch (RuleViolation)
        {
            return "…";
        }
    }

    private Imagined Imagine(Page page, Incident? incident, UpdateRequest asked, ComposerChoices choices, string actor, string? problem)
    {
        // Approval is checked when it is published.
        var plan = UpdateRules.Plan(incident, asked, choices.Rules, choices.States, Approval.Given, writer.Now);
        var (told, posted) = plan.Publish(page.Id, incident, choices.States, actor, writer.Now);
        return posted is null ? throw new RuleViolation("Nothing is new here.") : new(told, posted, plan.Update!, plan.Restored, plan.Notes, problem);
    }
}
