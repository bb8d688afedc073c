using StatusPage.Domain.Accounts;
using StatusPage.Domain.Destinations;
using StatusPage.Web.Destinations;

namespace StatusPage.Web.StatusApi;

public sealed record SendRequest(string Destination);

/// <param name="Kind">"postmortem" or "action_item".</param>
/// <param name="Id">The id of the incident or of the action item.</param>
/// <param name="State">"waiting", "creating", "linked" or "stopped".</param>
/// <param name="Error">What went wrong, and what to do about it.</param>
public sealed record LinkShape(string Kind, string Id, string Destination, string? Url, string State, string? Error) : Shape
{
    public static LinkShape Of(DestinationLinkView link) =>
        new(
            link.What == DestinationObject.Postmortem ? "postmortem" : "action_item",
            link.ObjectId,
            link.Destination,
            link.Url,
            link.State.Code(),
            link.Error
        );
}

public sealed record SentShape(IReadOnlyList<LinkShape> Links) : Shape;

/// <summary><c>…/incidents/{incident_id}/postmortem/send</c> and <c>…/action_items/send</c>: asked for here, done by a worker.</summary>
public static class DestinationEndpoints
{
    public static void MapDestinationSending(this RouteGroupBuilder v1)
    {
        var incident = v1.MapGroup("/incidents/{incident_id}").In(ApiScopes.Incidents, "Postmortems");
        incident
            .MapPost("/postmortem/send", (string incident_id, ManageRequest request) => SendAsync(incident_id, request, DestinationObject.Postmortem))
            .Writes()
            .Takes<SendRequest>()
            .Says<SentShape>("Send the postmortem to a destination", StatusCodes.Status202Accepted);
        incident
            .MapPost("/action_items/send", (string incident_id, ManageRequest request) => SendAsync(incident_id, request, DestinationObject.ActionItem))
            .Writes()
            .Takes<SendRequest>()
            .Says<SentShape>("Send the action items to a destination", StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> SendAsync(string id, ManageRequest request, DestinationObject what)
    {
        var body = await Body.ReadAsync(request.Request, "send", request.Cancel, mayBeBare: true);
        var page = await request.PageAsync();
        if (await request.Incidents.FindAsync(page.Id, id, request.Cancel) is not { IsPublic: true } incident)
            throw ManageApi.NotFound("incident", id);
        var destination = body.Text("destination") ?? throw body.Wrong("destination", "the name of a destination");
        var sending =
            what == DestinationObject.Postmortem
                ? request.Destinations.SendPostmortemAsync(page.Id, incident.Id, destination, request.Actor, request.Cancel)
                : request.Destinations.SendActionItemsAsync(page.Id, incident.Id, destination, request.Actor, request.Cancel);
        await sending;
        var links = await request.Destinations.LinksOfAsync(page.Id, incident.Id, request.Cancel);
        return ManageApi.Json(StatusCodes.Status202Accepted, new SentShape([.. links.Where(link => link.What == what).Select(LinkShape.Of)]));
    }
}
