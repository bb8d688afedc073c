using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Alerts;
using StatusPage.Web.Drafts;
using StatusPage.Web.Shared;

namespace StatusPage.Web.StatusApi;

/// <summary><c>/v1/pages/{page_id}/drafts</c>: what was written, by people or for alerts, and is not published. Statuspage has nothing like it.</summary>
public static class DraftEndpoints
{
    public static void MapDrafts(this RouteGroupBuilder v1)
    {
        var drafts = v1.MapGroup("/drafts").In(ApiScopes.Incidents, "Drafts");
        drafts.MapGet("", ListAsync).Pages().Says<IReadOnlyList<DraftShape>>("Drafts that are neither published nor thrown away, the newest first");
        drafts.MapPost("/{draft_id}/publish", PublishAsync).Writes().Says<ManagedIncident>("Publish a draft", StatusCodes.Status201Created);
        drafts.MapDelete("/{draft_id}", DiscardAsync).Writes().SaysNothing("Throw a draft away");
    }

    private static async Task<IResult> ListAsync(ManageRequest request)
    {
        var page = await request.PageAsync();
        var (skip, take) = ManageApi.Paging(request.Request);
        var db = request.Writer.Db;
        var drafts = await db
            .Drafts.AsNoTracking()
            .Where(row => row.PageId == page.Id && row.Corrects == null && (row.State == DraftState.Open || row.State == DraftState.Submitted))
            .OrderByDescending(row => row.CreatedAt)
            .Skip(skip)
            .Take(take)
            .ToListAsync(request.Cancel);
        var ids = drafts.ConvertAll(row => (DraftId?)row.Id);
        var cases = await db
            .AlertCases.AsNoTracking()
            .Where(row => ids.Contains(row.DraftId))
            .ToDictionaryAsync(row => row.DraftId!.Value, request.Cancel);
        var caseIds = cases.Values.Select(row => row.Id).ToList();
        var alerts = await (
            from episode in db.AlertEpisodes
            join source in db.AlertSources on episode.SourceId equals source.Id
            where caseIds.Contains(episode.CaseId)
            orderby episode.Id
            select new
            {
                episode.CaseId,
                episode.Key,
                source.Kind,
            }
        ).ToListAsync(request.Cancel);
        var first = alerts.DistinctBy(row => row.CaseId).ToDictionary(row => row.CaseId);
        return ManageApi.Ok<IReadOnlyList<DraftShape>>([.. drafts.Select(draft => Shape(draft))]);

        DraftShape Shape(Draft draft)
        {
            var found = cases.GetValueOrDefault(draft.Id);
            var alert = found is null ? null : first.GetValueOrDefault(found.Id);
            var input = ComposerInput.Read(draft.Content);
            return new(
                draft.Id.Value,
                draft.Title,
                input.Severity is { Length: > 0 } severity ? Severities.Parse(severity)?.Code() : null,
                [.. input.Update.Components.Where(state => !string.IsNullOrEmpty(state.Value)).Select(state => state.Key)],
                draft.IncidentId?.Value,
                alert?.Kind.Code(),
                alert?.Key,
                draft.State == DraftState.Submitted ? "submitted" : "open",
                found?.TakenBy,
                draft.CreatedAt,
                draft.UpdatedAt
            );
        }
    }

    private static async Task<IResult> PublishAsync(string draft_id, ManageRequest request)
    {
        var page = await request.PageAsync();
        var draft = await FindAsync(draft_id, request);
        var incident = draft.IncidentId is { } id
            ? await request.Incidents.FindAsync(page.Id, id.Value, request.Cancel) ?? throw ManageApi.NotFound("incident", id.Value)
            : null;
        var done = await request.Incidents.PublishAsync(page, incident, draft, Approval.OfKey, request.Actor, null, request.Cancel);
        // It is published, and must not look as if it were not, also where a group alone was told.
        return done.Incident.IsPublic
            ? ManageApi.Json(StatusCodes.Status201Created, await request.ShapeAsync(done.Incident))
            : ManageApi.Json(
                StatusCodes.Status201Created,
                new PublishedForGroup(
                    done.Incident.Id.Value,
                    done.Incident.Title,
                    "It is published for a group alone. The API shows what the public sees, so it does not show this."
                )
            );
    }

    private static async Task<IResult> DiscardAsync(string draft_id, ManageRequest request, AlertDesk alerts)
    {
        var draft = await FindAsync(draft_id, request);
        if (await request.Writer.Db.AlertCases.FirstOrDefaultAsync(row => row.DraftId == draft.Id && row.IncidentId == null, request.Cancel) is { } found)
            await alerts.DiscardAsync(found, request.Actor, request.Cancel);
        else
        {
            draft.Discard(request.Writer.Now);
            await request.Writer.SaveAsync(draft.PageId, new(request.Actor, "draft.discarded", $"{draft.Id} {draft.Title}"), request.Cancel);
        }
        return ManageApi.Nothing();
    }

    private static async Task<Draft> FindAsync(string id, ManageRequest request)
    {
        var page = (await request.PageAsync()).Id;
        var draft = PublicId.LooksLikeOne(id)
            ? await request.Writer.Db.Drafts.FirstOrDefaultAsync(
                row => row.PageId == page && row.Id == DraftId.Of(id) && row.Corrects == null,
                request.Cancel
            )
            : null;
        return draft is { IsOver: false } ? draft : throw ManageApi.NotFound("draft", id);
    }
}

/// <summary>An incident that only stakeholders were told of.</summary>
public sealed record PublishedForGroup(string Id, string Name, string Message) : Shape;

/// <param name="Components">Ids of the components whose state it would change.</param>
/// <param name="IncidentId">The incident that it updates; null for one that it opens.</param>
/// <param name="Source">The kind of monitoring system that it came from; null where a person began it.</param>
/// <param name="Key">What the monitoring system calls the alert.</param>
/// <param name="State">open, or submitted: it waits for a second pair of eyes.</param>
/// <param name="TakenBy">Who said that they deal with the alert.</param>
public sealed record DraftShape(
    string Id,
    string Title,
    string? Severity,
    IReadOnlyList<string> Components,
    string? IncidentId,
    string? Source,
    string? Key,
    string State,
    string? TakenBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
) : Shape;
