using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Components;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Web.Data;
using StatusPage.Web.Drafts;
using StatusPage.Web.Incidents;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Alerts;

/// <summary>Writes and closes the drafts of cases. A draft that a person has written in belongs to that person: the program adds to the timeline instead.</summary>
public sealed class AlertDrafts(StatusDb db, AlertCalls calls, TimeProvider time)
{
    private DateTimeOffset Now { get; } = time.GetUtcNow();

    public async Task MakeAsync(AlertCase made, AlertRule? rule, AlertSource source, AlertEvent alert, CancellationToken cancel)
    {
        var page = await db.Pages.AsNoTracking().SingleAsync(row => row.Id == made.PageId, cancel);
        var input = await WriteAsync(page, made, rule, alert, cancel);
        var draft = Draft.Begin(page.Id, null, made.Title, input.Write(), source.Name, $"alert.{made.Id}", Now);
        db.Drafts.Add(draft);
        made.Drafted(draft.Id, draft.Version, Now);
        Say(made, "A draft was made.");
        if (rule?.Action == AlertAction.Publish)
            await PlanPublishingAsync(made, rule, cancel);
        await calls.DraftedAsync(page, made, draft, cancel);
    }

    /// <summary>A draft that nobody touched says that its alert comes and goes. One that was closed meanwhile is made again.</summary>
    public async Task FlapAsync(AlertCase found, AlertSource source, AlertEvent alert, string said, CancellationToken cancel)
    {
        var rule = await db.RuleOfAsync(found, cancel);
        var draft = await db.DraftOfAsync(found, cancel);
        if (found.State == AlertCaseState.Held || (found.State == AlertCaseState.Dropped && found.TakenBy is not null))
            return;
        if (draft is null || draft.IsOver)
            await MakeAsync(found, rule, source, alert, cancel);
        else if (found.IsUntouched(draft))
        {
            var input = ComposerInput.Read(draft.Content);
            input.Update.TeamStatus = said;
            Rewrite(found, draft, input);
        }
    }

    /// <summary>A draft that nobody touched follows its source: the text of a status update there, and the severity, unless the rule names one.</summary>
    public async Task SeedAsync(AlertCase found, AlertRule? rule, AlertEvent alert, CancellationToken cancel)
    {
        var severity = rule?.Severity is null && alert.SuggestedSeverity != found.Severity ? alert.SuggestedSeverity : null;
        if ((alert.Impact ?? (object?)severity) is null || await db.DraftOfAsync(found, cancel) is not { } draft || !found.IsUntouched(draft))
            return;
        var input = ComposerInput.Read(draft.Content);
        if (alert.Impact is { } impact)
            input.Update.ImpactSummary = AlertWords.Parted(impact);
        if (severity is { } rated)
        {
            found.Rate(rated);
            input = input with { Severity = rated.Code() };
        }
        Rewrite(found, draft, input);
    }

    /// <summary>All alerts of a case have resolved.</summary>
    /// <returns>What follows, in a sentence.</returns>
    public async Task<string> ResolveAsync(AlertCase found, CancellationToken cancel)
    {
        if (found.State == AlertCaseState.Held)
        {
            found.Drop(Now);
            return Say(found, "It resolved before it had lasted as long as the rule asks. No draft was made.");
        }
        if (found.IncidentId is { } id)
            return await ProposeEndAsync(found, id, cancel);
        var draft = await db.DraftOfAsync(found, cancel);
        if (draft is null || draft.IsOver)
            return "Resolved.";
        if (found.PublishesItself)
        {
            found.LeaveToPeople();
            Say(found, "It resolved in time, so the draft is not published by itself.");
        }
        if (found.IsFlapping)
            return Say(found, "It resolved. The draft stays for now, since the alert comes and goes.");
        if (!found.IsUntouched(draft) || found.TakenBy is not null)
            return Say(found, "It resolved. Somebody works on the draft, so it stays.");
        draft.Discard(Now);
        found.Close(Now);
        return Say(found, "It resolved before anybody had touched the draft. The draft was closed.");
    }

    /// <summary>A draft of the update that ends the incident; or "monitoring" by itself, where the rule says so.</summary>
    private async Task<string> ProposeEndAsync(AlertCase found, IncidentId id, CancellationToken cancel)
    {
        var incident = await db.Incidents.Whole().SingleAsync(row => row.Id == id, cancel);
        if (incident.Phase.IsOver() || incident.DeletedAt is not null)
        {
            found.Finish(Now);
            return Say(found, "It resolved; the incident is over already.");
        }
        var rule = await db.RuleOfAsync(found, cancel);
        if (rule?.PostsMonitoring == true && incident.Phase != Phase.Monitoring)
        {
            found.PublishAt(Now);
            return Say(found, "It resolved. 'Monitoring' is posted by itself.");
        }
        if (await EndOfAsync(found, cancel) is { IsOver: false })
            return "Resolved. The update that says so is drafted already.";
        var form = UpdateForm.After(incident);
        (form.Phase, form.Body) = (Phase.Resolved.Code(), "This incident has been resolved.");
        (form.ImpactSummary, form.TeamStatus) = (null, null);
        var draft = Draft.Begin(
            found.PageId,
            id,
            incident.Title,
            new ComposerInput(null, null, null, form).Write(),
            "Alerts",
            $"alert.{found.Id}.end",
            Now
        );
        db.Drafts.Add(draft);
        found.EndDrafted(draft.Id, draft.Version);
        await calls.EndProposedAsync(found, incident, draft, cancel);
        return Say(found, "It resolved. The update that ends the incident is drafted.");
    }

    /// <summary>
    /// After all its alerts had resolved, one fires again. The drafted end of its incident would be wrong now, so it is thrown away; what somebody works
    /// on stays, and everybody who opens it is told.
    /// </summary>
    public async Task FireAgainAsync(AlertCase found, string title, CancellationToken cancel)
    {
        found.Resolved(null);
        if (found.IncidentId is not { } id)
            return;
        var end = await EndOfAsync(found, cancel);
        var said = end switch
        {
            null or { IsOver: true } => null,
            _ when found.IsUntouchedEnd(end) => "It fires again, so the drafted end of the incident was thrown away.",
            _ => "It fires again, but the end of the incident is drafted. Somebody works on that draft, so it stays.",
        };
        if (end is not null && found.IsUntouchedEnd(end))
            end.Discard(Now);
        if (said is not null)
        {
            Say(found, said);
            db.IncidentNotes.Add(new(id, $"{AlertWords.Plain(title)}: {said}", "Alerts", Now));
        }
        if (!found.IsFlapping)
            await calls.FiresAgainAsync(found, title, said, cancel);
    }

    private async Task<Draft?> EndOfAsync(AlertCase found, CancellationToken cancel) =>
        found.EndDraftId is { } id ? await db.Drafts.FirstOrDefaultAsync(row => row.Id == id, cancel) : null;

    /// <summary>Whether the draft is to be published by itself, and when.</summary>
    private async Task PlanPublishingAsync(AlertCase made, AlertRule rule, CancellationToken cancel)
    {
        var rules = await db.SeverityRulesAsync(made.PageId, cancel);
        if (rules.Any(row => row.NeedsApproval && row.Severity == made.Severity))
            Say(made, $"{made.Severity!.Value.Code()} needs two pairs of eyes, so it is not published by itself.");
        else if (rule.TemplateId is { } template && !await db.Templates.AnyAsync(row => row.Id == template, cancel))
            Say(made, "The template of its rule is gone, so it is not published by itself.");
        else if (await db.HasPublishedLatelyAsync(rule, made, Now, cancel))
            Say(made, $"The rule '{rule.Name}' published within the last {rule.Guard.TotalMinutes:0} minutes, so this one is left to people.");
        else
        {
            made.PublishAt(Now + rule.Delay);
            Say(made, $"In {rule.Delay.TotalMinutes:0} minutes it is published, unless somebody stops it.");
        }
    }

    private async Task<ComposerInput> WriteAsync(Page page, AlertCase made, AlertRule? rule, AlertEvent alert, CancellationToken cancel)
    {
        var names = await db
            .Components.Where(row => made.ComponentIds.Contains(row.Id))
            .OrderBy(row => row.Position)
            .Select(row => row.Name)
            .ToListAsync(cancel);
        var template = rule?.TemplateId is { } id ? await db.Templates.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancel) : null;
        var values = Values(page, made, alert, names);
        // Nobody reads what is published by itself before customers do, so the alert's own words stay inside.
        var words = rule?.Action == AlertAction.Publish ? "" : alert.Text;
        var form = new UpdateForm
        {
            Phase = (template?.Phase ?? Phase.Investigating).Code(),
            Body = template is null
                ? $"We are investigating a problem{(names.Count > 0 ? $" with {AlertWords.Plain(string.Join(", ", names))}" : "")}."
                    + (words.Length > 0 ? $"\n\n{AlertWords.Plain(words)}" : "")
                : Template.Fill(template.Body, values(AlertWords.Plain)),
            ImpactSummary =
                template?.ImpactSummary is { } impact ? Template.Fill(impact, values(AlertWords.Parted))
                : alert.Impact is { } hit ? AlertWords.Parted(hit)
                : null,
            TeamStatus = Template.Fill(template?.TeamStatus, values(AlertWords.Parted)),
            Components = made.ComponentIds.ToDictionary(
                component => component.Value,
                component => (string?)(rule?.Components.FirstOrDefault(chosen => chosen.Id == component)?.Status?.Code() ?? UpdateForm.Proposed)
            ),
        };
        if (rule?.AudienceId is { } audience)
            (form.ChoosesAudiences, form.Public, form.Audiences) = (true, false, [audience.Value]);
        var title = Template.Fill(template?.Title, values(AlertWords.Parted)) ?? AlertWords.Parted(made.Title);
        return new(Text.Cut(title, Incident.MaxTitleLength), made.Severity?.Code(), null, form);
    }

    private Func<Func<string, string>, Dictionary<string, string>> Values(Page page, AlertCase made, AlertEvent alert, List<string> names) =>
        write =>
        {
            var values = AlertWords.Variables(alert, write);
            values["page"] = write(page.Name);
            values["incident"] = write(made.Title);
            values["time"] = write(ZoneClock.For(page.TimeZone, Now).Time(made.AlertedAt));
            if (names.Count > 0)
                values["component"] = write(string.Join(", ", names));
            if (made.Severity is { } severity)
                values["severity"] = severity.Code();
            return values;
        };

    private void Rewrite(AlertCase found, Draft draft, ComposerInput input)
    {
        draft.Write(draft.Title, input.Write(), draft.Editor, draft.Form, Now);
        found.Rewritten(draft.Version);
    }

    private string Say(AlertCase found, string text)
    {
        db.AlertLines.Add(new(found.Id, text, Now));
        return text;
    }
}
