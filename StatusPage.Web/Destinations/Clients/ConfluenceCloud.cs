using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using StatusPage.Domain.Destinations;
using StatusPage.Web.Channels;

namespace StatusPage.Web.Destinations.Clients;

/// <summary>Confluence Cloud by its REST API v2 (OpenAPI of February 2025); labels by v1, as v2 cannot write them.</summary>
public sealed class ConfluenceCloud(VendorHttp http) : ConfluenceClient(http)
{
    private const string Api = "/wiki/api/v2";

    /// <summary>Ids of spaces by destination, address and key.</summary>
    private readonly ConcurrentDictionary<(string, string, string), string> _spaces = new();

    /// <summary>A site has few destinations; when there are more, they are looked up again.</summary>
    private const int MostSpaces = 1_000;

    public override DestinationKind Kind => DestinationKind.Confluence;

    public override async Task<Remote> TestAsync(DestinationInUse to)
    {
        var (space, failure) = await SpaceAsync(to, isFresh: true);
        if (space is null)
            return failure!;
        if (to.Setting(DestinationField.Parent) is { } parent)
        {
            var reply = await SendAsync(to, HttpMethod.Get, $"{Api}/pages/{parent}");
            if (!reply.IsGood || VendorHttp.Text(VendorHttp.JsonOf(reply), "id") is null)
                return reply.Status == 404
                    ? new Remote.Refused($"There is no page {parent} that the token may see. Enter the id of the page above.")
                    : Failed(to, reply);
        }
        return new Remote.Found(new(space, null, Note: $"The space {to.Setting(DestinationField.Space)} is there, and the token may read it."));
    }

    protected override async Task<Remote> FindAsync(DestinationInUse to, Outgoing what, string title)
    {
        var (space, failure) = await SpaceAsync(to);
        if (space is null)
            return failure!;
        // Current and archived ones by default.
        var reply = await SendAsync(
            to,
            HttpMethod.Get,
            $"{Api}/pages?space-id={Uri.EscapeDataString(space)}&title={Uri.EscapeDataString(title)}&body-format=storage"
        );
        ForgetSpace(to, reply);
        return PageIn(to, reply, SiteOf(to), what, title);
    }

    public override async Task<Remote> ReadAsync(DestinationInUse to, Outgoing what, string remoteId)
    {
        var reply = await SendAsync(to, HttpMethod.Get, $"{Api}/pages/{remoteId}?body-format=storage");
        if (!reply.IsGood || VendorHttp.JsonOf(reply) is not { } json)
            return Failed(to, reply);
        if (VendorHttp.Text(json, "status") is "archived" or "trashed")
            return Gone;
        return PageOf(to, json, json, SiteOf(to), what.Ref) is { Body: not null } found ? new Remote.Found(found) : Failed(to, reply);
    }

    protected override async Task<Remote> CreateAsync(DestinationInUse to, Outgoing what)
    {
        var (space, failure) = await SpaceAsync(to);
        if (space is null)
            return failure!;
        var page = new JsonObject
        {
            ["spaceId"] = space,
            ["status"] = "current",
            ["title"] = what.Title,
            ["body"] = Body(what),
        };
        if (to.Setting(DestinationField.Parent) is { } parent)
            page["parentId"] = parent;
        var reply = await SendAsync(to, HttpMethod.Post, $"{Api}/pages", page);
        ForgetSpace(to, reply);
        var json = VendorHttp.JsonOf(reply);
        return reply.IsGood && PageOf(to, json, json, SiteOf(to), what.Ref) is { } made ? new Remote.Found(made) : Failed(to, reply);
    }

    protected override async Task<Remote> UpdateAsync(DestinationInUse to, Outgoing what, RemoteObject current)
    {
        var page = new JsonObject
        {
            ["id"] = current.Id,
            ["status"] = "current",
            ["title"] = what.Title,
            ["body"] = Body(what),
            ["version"] = new JsonObject { ["number"] = (current.Version ?? 1) + 1 },
        };
        var reply = await SendAsync(to, HttpMethod.Put, $"{Api}/pages/{current.Id}", page);
        var json = VendorHttp.JsonOf(reply);
        return reply.IsGood && PageOf(to, json, json, SiteOf(to), what.Ref) is { } made ? new Remote.Found(made) : Failed(to, reply);
    }

    protected override string LabelPath(string id) => $"/wiki/rest/api/content/{id}/label";

    protected override AuthenticationHeaderValue Authorization(DestinationInUse to) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{to.Setting(DestinationField.Email)}:{to.Token}")));

    /// <summary>A space that was made anew has another id.</summary>
    private void ForgetSpace(DestinationInUse to, Reply reply)
    {
        if (reply is { NotReached: null, Status: 404 })
            _spaces.TryRemove(NameOfSpace(to), out _);
    }

    private static string SiteOf(DestinationInUse to) => to.BaseUrl + "/wiki";

    private static (string, string, string) NameOfSpace(DestinationInUse to) => (to.Id, to.BaseUrl, to.Setting(DestinationField.Space) ?? "");

    /// <returns>The id of the space, or why there is none.</returns>
    private async Task<(string? Id, Remote? Failure)> SpaceAsync(DestinationInUse to, bool isFresh = false)
    {
        var name = NameOfSpace(to);
        if (!isFresh && _spaces.TryGetValue(name, out var known))
            return (known, null);
        var reply = await SendAsync(to, HttpMethod.Get, $"{Api}/spaces?keys={Uri.EscapeDataString(name.Item3)}");
        if (!reply.IsGood || VendorHttp.ListOrNull(VendorHttp.JsonOf(reply), "results") is not { } spaces)
            return (null, Failed(to, reply));
        if (spaces.Count > 0 && VendorHttp.Text(spaces[0], "id") is null)
            return (null, Failed(to, reply));
        if (VendorHttp.Text(spaces.FirstOrDefault(), "id") is not { } id)
            return (
                null,
                new Remote.Refused(
                    $"There is no space {name.Item3} that the token may see. Correct the key, or give the account the permission to see it."
                )
            );
        if (_spaces.Count >= MostSpaces)
            _spaces.Clear();
        _spaces[name] = id;
        return (id, null);
    }
}
