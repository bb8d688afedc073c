using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using StatusPage.Domain.Destinations;

namespace StatusPage.Web.Destinations.Clients;

/// <summary>Confluence Data Center, 7.9 or newer, by its REST API v1 and a personal access token.</summary>
public sealed class ConfluenceDataCenter(VendorHttp http) : ConfluenceClient(http)
{
    private const string Api = "/rest/api";

    /// <summary>Asks for the version and the body beside the page itself.</summary>
    private const string Expand = "expand=version,body.storage";

    public override DestinationKind Kind => DestinationKind.ConfluenceDataCenter;

    /// <summary>Where anonymous access is on, a wrong token is served as anonymous and not refused (CONFSERVER-98199), so a user must be there.</summary>
    public override async Task<Remote> TestAsync(DestinationInUse to)
    {
        var reply = await SendAsync(to, HttpMethod.Get, $"{Api}/user/current");
        if (!reply.IsGood || VendorHttp.JsonOf(reply) is not { } user)
            return Failed(to, reply);
        var name = VendorHttp.Text(user, "username") ?? VendorHttp.Text(user, "userKey");
        if (VendorHttp.Text(user, "type") == "anonymous" || name is null)
            return new Remote.Refused($"{reply.Host} does not know the token: it serves us as anonymous. Make a new one and enter it.");
        var space = to.Setting(DestinationField.Space);
        var pages = await SendAsync(to, HttpMethod.Get, $"{Api}/content?spaceKey={Uri.EscapeDataString(space ?? "")}&limit=1");
        return pages.IsGood && VendorHttp.ListOrNull(VendorHttp.JsonOf(pages), "results") is not null
                ? new Remote.Found(new(name, null, Note: $"The token is that of {name}, and the space {space} is there."))
            : pages.Status == 404
                ? new Remote.Refused($"There is no space {space} that {name} may see. Correct the key, or give the permission to see it.")
            : Failed(to, pages);
    }

    protected override async Task<Remote> FindAsync(DestinationInUse to, Outgoing what, string title)
    {
        var space = Uri.EscapeDataString(to.Setting(DestinationField.Space) ?? "");
        var reply = await SendAsync(to, HttpMethod.Get, $"{Api}/content?spaceKey={space}&title={Uri.EscapeDataString(title)}&{Expand}");
        return PageIn(to, reply, to.BaseUrl, what, title);
    }

    public override async Task<Remote> ReadAsync(DestinationInUse to, Outgoing what, string remoteId)
    {
        var reply = await SendAsync(to, HttpMethod.Get, $"{Api}/content/{remoteId}?{Expand}");
        var json = VendorHttp.JsonOf(reply);
        if (reply.IsGood && VendorHttp.Text(json, "status") is "archived" or "trashed")
            return Gone;
        return reply.IsGood && PageOf(to, json, json, to.BaseUrl, what.Ref) is { Body: not null } found ? new Remote.Found(found) : Failed(to, reply);
    }

    protected override async Task<Remote> CreateAsync(DestinationInUse to, Outgoing what)
    {
        var page = new JsonObject
        {
            ["type"] = "page",
            ["title"] = what.Title,
            ["space"] = new JsonObject { ["key"] = to.Setting(DestinationField.Space) },
            ["body"] = new JsonObject { ["storage"] = Body(what) },
        };
        if (to.Setting(DestinationField.Parent) is { } parent)
            page["ancestors"] = new JsonArray(new JsonObject { ["id"] = parent });
        var reply = await SendAsync(to, HttpMethod.Post, $"{Api}/content", page);
        var json = VendorHttp.JsonOf(reply);
        return reply.IsGood && PageOf(to, json, json, to.BaseUrl, what.Ref) is { } made ? new Remote.Found(made) : Failed(to, reply);
    }

    protected override async Task<Remote> UpdateAsync(DestinationInUse to, Outgoing what, RemoteObject current)
    {
        var page = new JsonObject
        {
            ["type"] = "page",
            ["title"] = what.Title,
            ["version"] = new JsonObject { ["number"] = (current.Version ?? 1) + 1 },
            ["body"] = new JsonObject { ["storage"] = Body(what) },
        };
        var reply = await SendAsync(to, HttpMethod.Put, $"{Api}/content/{current.Id}", page);
        var json = VendorHttp.JsonOf(reply);
        return reply.IsGood && PageOf(to, json, json, to.BaseUrl, what.Ref) is { } made ? new Remote.Found(made) : Failed(to, reply);
    }

    protected override string LabelPath(string id) => $"{Api}/content/{id}/label";

    protected override AuthenticationHeaderValue Authorization(DestinationInUse to) => new("Bearer", to.Token);
}
