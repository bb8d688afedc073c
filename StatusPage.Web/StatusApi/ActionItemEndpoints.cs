using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Destinations;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Accounts;
using StatusPage.Web.Destinations;
using StatusPage.Web.Postmortems;

namespace StatusPage.Web.StatusApi;

/// <summary><c>/v1/pages/{page_id}/incidents/{incident_id}/action_items</c>: what is to be done after an incident. Statuspage has nothing like it.</summary>
public static class ActionItemEndpoints
{
    private static readonly string[] StateCodes = [.. Enum.GetValues<ActionItemState>().Select(state => state.Code())];
    private static readonly string[] PriorityCodes = [.. Enum.GetValues<ActionItemPriority>().Select(priority => priority.Code())];

    public static void MapActionItems(this RouteGroupBuilder v1)
    {
        var items = v1.MapGroup("/incidents/{incident_id}/action_items").In(ApiScopes.Incidents, "Action items");
        items.MapGet("", ListAsync).Says<IReadOnlyList<ActionItemShape>>("The action items of an incident, the oldest first");
        items.MapGet("/{item_id}", GetAsync).Says<ActionItemShape>("An action item");
        items
            .MapPost("", AddAsync)
            .Writes(Permissions.Draft)
            .Takes<ActionItemRequest>()
            .Says<ActionItemShape>("Add an action item", StatusCodes.Status201Created);
        items
            .MapMethods("/{item_id}", ["PATCH", "PUT"], ChangeAsync)
            .Writes(Permissions.Draft)
            .Takes<ActionItemRequest>()
            .Says<ActionItemShape>("Change an action item; what is left out stays as it is");
        items.MapDelete("/{item_id}", RemoveAsync).Writes(Permissions.Draft).SaysNothing("Remove an action item");
    }

    private static async Task<IResult> ListAsync(string incident_id, ManageRequest request)
    {
        var incident = await IncidentEndpoints.FindAsync(request, incident_id);
        var items = await request.Writer.Db.ActionItemsAsync(incident.Id, request.Cancel);
        var links = await request.Destinations.LinksOfAsync(incident.PageId, incident.Id, request.Cancel);
        return ManageApi.Ok<IReadOnlyList<ActionItemShape>>([.. items.Select(item => Shape(item, links))]);
    }

    private static async Task<IResult> GetAsync(string incident_id, string item_id, ManageRequest request, ActionDesk desk) =>
        ManageApi.Ok(await ShapeAsync(await FindAsync(incident_id, item_id, request, desk), request));

    private static async Task<IResult> AddAsync(string incident_id, ManageRequest request, ActionDesk desk)
    {
        var body = await Body.ReadAsync(request.Request, "action_item", request.Cancel);
        var incident = await IncidentEndpoints.FindAsync(request, incident_id);
        var now = request.Writer.Now;
        var item = ActionItem.Create(incident, now);
        Write(item, body, now);
        if (body.OneOf("state", ActionItemStates.Parse, StateCodes) is { } state)
            item.MoveTo(state, now);
        await desk.AddAsync(incident, item, request.Actor, null, request.Cancel);
        return ManageApi.Json(StatusCodes.Status201Created, await ShapeAsync(item, request));
    }

    private static async Task<IResult> ChangeAsync(string incident_id, string item_id, ManageRequest request, ActionDesk desk)
    {
        var body = await Body.ReadAsync(request.Request, "action_item", request.Cancel);
        var item = await FindAsync(incident_id, item_id, request, desk);
        var before = item.State;
        Write(item, body, request.Writer.Now);
        if (body.OneOf("state", ActionItemStates.Parse, StateCodes) is { } state)
            item.MoveTo(state, request.Writer.Now);
        await desk.SaveAsync(item, item.State == before ? "edited" : ActionDesk.VerbOf(item.State), request.Actor, null, request.Cancel);
        return ManageApi.Ok(await ShapeAsync(item, request));
    }

    private static async Task<IResult> RemoveAsync(string incident_id, string item_id, ManageRequest request, ActionDesk desk)
    {
        await desk.RemoveAsync(await FindAsync(incident_id, item_id, request, desk), request.Actor, request.Cancel);
        return ManageApi.Nothing();
    }

    private static void Write(ActionItem item, Body body, DateTimeOffset now)
    {
        var due =
            !body.Mentions("due_on") ? item.DueOn
            : body.Text("due_on") is not { } text ? null
            : Instants.Day(text) ?? throw body.Wrong("due_on", "a day such as 2027-01-15");
        item.Write(
            body.Mentions("title") ? body.Text("title") : item.Title,
            body.Mentions("owner") ? body.Text("owner") : item.Owner,
            due,
            body.OneOf("priority", ActionItemPriorities.Parse, PriorityCodes) ?? item.Priority,
            body.Mentions("finding") ? body.Text("finding") : item.Finding,
            now
        );
    }

    private static async Task<ActionItem> FindAsync(string incident_id, string item_id, ManageRequest request, ActionDesk desk)
    {
        var incident = await IncidentEndpoints.FindAsync(request, incident_id);
        return await desk.FindAsync(incident.PageId, item_id, request.Cancel) is { } item && item.IncidentId == incident.Id
            ? item
            : throw ManageApi.NotFound("action item", item_id);
    }

    private static async Task<ActionItemShape> ShapeAsync(ActionItem item, ManageRequest request) =>
        Shape(item, await request.Destinations.LinksOfAsync(item.PageId, item.IncidentId, request.Cancel));

    private static ActionItemShape Shape(ActionItem item, IReadOnlyList<DestinationLinkView> links) =>
        new(
            item.Id.Value,
            item.IncidentId.Value,
            item.Title,
            item.Owner,
            item.DueOn,
            item.State.Code(),
            item.Priority.Code(),
            item.Finding,
            item.CreatedAt,
            item.UpdatedAt,
            item.ClosedAt,
            [.. links.Where(link => link.What == DestinationObject.ActionItem && link.ObjectId == item.Id.Value).Select(LinkShape.Of)]
        );
}

/// <param name="Owner">A name or an address; null: nobody yet.</param>
/// <param name="Finding">What was learned and led to it.</param>
/// <param name="ClosedAt">When it was done or dropped.</param>
/// <param name="Links">Where it is kept in other systems, too.</param>
public sealed record ActionItemShape(
    string Id,
    string IncidentId,
    string Title,
    string? Owner,
    DateOnly? DueOn,
    [property: OneOf(typeof(ActionItemState))] string State,
    [property: OneOf(typeof(ActionItemPriority))] string Priority,
    string? Finding,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? ClosedAt,
    IReadOnlyList<LinkShape> Links
) : Shape;
