using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using StatusPage.Domain;
using StatusPage.Domain.Destinations;
using StatusPage.Web.Channels;
using StatusPage.Web.Destinations.Writing;

namespace StatusPage.Web.Destinations.Clients;

/// <summary>Notion: a page under a page, or a row of a data source, written as Markdown (developers.notion.com, August 2026).</summary>
public sealed class Notion(VendorHttp http) : IDestinationClient
{
    public const string Version = "2026-03-11";

    /// <summary>The text property by which rows are found; the owner adds it.</summary>
    public const string RefProperty = "Ref";

    /// <summary>The name of the title where the schema cannot be read.</summary>
    private const string UsualTitle = "Name";

    /// <summary>Characters of one text object.</summary>
    private const int MaxText = 2000;

    /// <summary>Bytes of one request.</summary>
    private const int MaxRequest = 500 * 1024;

    /// <summary>Requests for the children of one page, of 100 each.</summary>
    private const int MostPages = 50;

    private const int MostPlaces = 1_000;

    /// <summary>What the place of each destination was found to be.</summary>
    private readonly ConcurrentDictionary<(string, string, string), Place> _places = new();

    public DestinationKind Kind => DestinationKind.Notion;

    public Outgoing Write(DestinationInUse to, DestinationMessage message)
    {
        var document = message.Postmortem!;
        var code = $" ({document.IncidentId})";
        return new(message.Ref, Text.Cut(document.Title, MaxText - code.Length) + code, NotionMarkup.Write(document.Parts, message.Ref));
    }

    public async Task<Remote> TestAsync(DestinationInUse to)
    {
        var (place, failure) = await PlaceAsync(to, isFresh: true);
        if (place is null)
            return failure!;
        if (!place.IsPage && !place.HasRef)
            return new Remote.Refused($"The database has no text property called {RefProperty}. Add one: by it we know our rows again.");
        return new Remote.Found(
            new(place.Id, null, Note: place.IsPage ? "The page is there, and we may read it." : "The database is there, and we may read it.")
        );
    }

    public async Task<Remote> FindAsync(DestinationInUse to, Outgoing what, DateTimeOffset? claimedAt)
    {
        var (place, failure) = await PlaceAsync(to);
        if (place is null)
            return failure!;
        return place.IsPage ? await FindUnderAsync(to, place, what) : await FindRowAsync(to, place, what);
    }

    public async Task<Remote> CreateAsync(DestinationInUse to, DestinationMessage message, Outgoing what)
    {
        if (TooLong(what) is { } refused)
            return refused;
        var (place, failure) = await PlaceAsync(to);
        if (place is null)
            return failure!;
        var properties = new JsonObject { [place.Title] = new JsonObject { ["title"] = TextOf(what.Title) } };
        if (!place.IsPage)
            properties[RefProperty] = new JsonObject { ["rich_text"] = TextOf(what.Ref.ToString()) };
        var kind = place.IsPage ? "page_id" : "data_source_id";
        var reply = await SendAsync(
            to,
            HttpMethod.Post,
            "/v1/pages",
            new JsonObject
            {
                ["parent"] = new JsonObject { ["type"] = kind, [kind] = place.Id },
                ["properties"] = properties,
                ["markdown"] = what.Body,
            }
        );
        return reply.IsGood && VendorHttp.JsonOf(reply) is { } made && IdOf(made) is { } id
            ? new Remote.Found(new(id, VendorHttp.Text(made, "url")))
            : Failed(to, reply);
    }

    public async Task<Remote> ReadAsync(DestinationInUse to, Outgoing what, string remoteId)
    {
        var reply = await SendAsync(to, HttpMethod.Get, $"/v1/pages/{remoteId}/markdown");
        return reply.IsGood && VendorHttp.Text(VendorHttp.JsonOf(reply), "markdown") is { } body
            ? new Remote.Found(new(remoteId, null, Body: body, IsOurs: what.Ref.IsIn(body)))
            : Failed(to, reply);
    }

    public async Task<Remote> UpdateAsync(DestinationInUse to, DestinationMessage message, Outgoing what, RemoteObject current)
    {
        if (TooLong(what) is { } refused)
            return refused;
        // Child pages survive, as deleting content is not allowed.
        var reply = await SendAsync(
            to,
            HttpMethod.Patch,
            $"/v1/pages/{current.Id}/markdown",
            new JsonObject
            {
                ["type"] = "replace_content",
                ["replace_content"] = new JsonObject { ["new_str"] = what.Body },
            }
        );
        return reply.IsGood ? new Remote.Found(current with { Body = null }) : Failed(to, reply);
    }

    private async Task<Remote> FindRowAsync(DestinationInUse to, Place place, Outgoing what)
    {
        var reply = await SendAsync(
            to,
            HttpMethod.Post,
            $"/v1/data_sources/{place.Id}/query",
            new JsonObject
            {
                ["filter"] = new JsonObject
                {
                    ["property"] = RefProperty,
                    ["rich_text"] = new JsonObject { ["equals"] = what.Ref.ToString() },
                },
            }
        );
        if (!reply.IsGood || VendorHttp.JsonOf(reply) is not { } json)
            return Failed(to, reply);
        foreach (var row in VendorHttp.List(json, "results"))
            if (IdOf(row) is { } id)
                return await WithBodyAsync(to, what, id, VendorHttp.Text(row, "url"), isOurs: true);
        return new Remote.Nothing();
    }

    /// <summary>Titles may repeat, so of pages with ours the one that bears the marker is meant.</summary>
    private async Task<Remote> FindUnderAsync(DestinationInUse to, Place place, Outgoing what)
    {
        string? cursor = null;
        for (var page = 0; page < MostPages; page++)
        {
            var from = cursor is null ? "" : $"&start_cursor={Uri.EscapeDataString(cursor)}";
            var reply = await SendAsync(to, HttpMethod.Get, $"/v1/blocks/{place.Id}/children?page_size=100{from}");
            if (!reply.IsGood || VendorHttp.JsonOf(reply) is not { } json)
                return Failed(to, reply);
            foreach (var block in VendorHttp.List(json, "results"))
            {
                if (VendorHttp.Text(block, "child_page", "title") != what.Title || IdOf(block) is not { } id)
                    continue;
                var found = await WithBodyAsync(to, what, id, null, isOurs: false);
                if (found is not Remote.Found { There.IsOurs: false })
                    return found;
            }
            if (VendorHttp.Text(json, "next_cursor") is not { } next)
                return new Remote.Nothing();
            cursor = next;
        }
        return new Remote.Refused($"The page has more than {MostPages * 100:N0} blocks, too many to look through. Choose another page, or a database.");
    }

    private async Task<Remote> WithBodyAsync(DestinationInUse to, Outgoing what, string id, string? url, bool isOurs)
    {
        var read = await ReadAsync(to, what, id);
        if (read is not Remote.Found { There: var found })
            return read;
        if (url is null)
            url = VendorHttp.Text(VendorHttp.JsonOf(await SendAsync(to, HttpMethod.Get, $"/v1/pages/{id}")), "url");
        return new Remote.Found(found with { Url = url, IsOurs = isOurs || found.IsOurs });
    }

    /// <summary>Finds out what was entered: a database has data sources, a page has children, and what is left is a data source.</summary>
    private async Task<(Place? Place, Remote? Failure)> PlaceAsync(DestinationInUse to, bool isFresh = false)
    {
        var entered = to.Setting(DestinationField.Parent) ?? "";
        var name = (to.Id, to.BaseUrl, entered);
        if (!isFresh && _places.TryGetValue(name, out var known))
            return (known, null);
        var parent = NotionPlace.Read(entered) ?? throw new InvalidOperationException($"Destination {to.Id} has no place in Notion.");
        var source = parent.Kind == "data_source" ? parent.Id : null;
        if (source is null && parent.Kind != "page")
        {
            var reply = await SendAsync(to, HttpMethod.Get, $"/v1/databases/{parent.Id}");
            if (reply.IsGood)
                source = VendorHttp.Text(VendorHttp.List(VendorHttp.JsonOf(reply), "data_sources").FirstOrDefault(), "id");
            else if (parent.Kind == "database" || IsNoAnswerToThat(reply))
                return (null, Failed(to, reply));
        }
        Place place;
        if (source is null)
        {
            var reply = await SendAsync(to, HttpMethod.Get, $"/v1/blocks/{parent.Id}/children?page_size=1");
            if (!reply.IsGood && (parent.Kind == "page" || IsNoAnswerToThat(reply)))
                return (null, Failed(to, reply));
            place = reply.IsGood ? new(parent.Id, IsPage: true, "title", HasRef: false) : await SourceAsync(to, parent.Id);
            if (!reply.IsGood && !place.IsRead)
                return (null, Failed(to, reply));
        }
        else
            place = await SourceAsync(to, source);
        if (_places.Count >= MostPlaces)
            _places.Clear();
        _places[name] = place;
        return (place, null);
    }

    /// <summary>Whether an answer says nothing about what there is.</summary>
    private static bool IsNoAnswerToThat(Reply reply) => reply.NotReached is not null || reply.Status is not (400 or 404);

    private async Task<Place> SourceAsync(DestinationInUse to, string id)
    {
        var reply = await SendAsync(to, HttpMethod.Get, $"/v1/data_sources/{id}");
        if (!reply.IsGood || VendorHttp.JsonOf(reply) is not JsonObject json || json["properties"] is not JsonObject schema)
            return new(id, IsPage: false, UsualTitle, HasRef: false);
        return new(
            id,
            IsPage: false,
            schema.FirstOrDefault(property => VendorHttp.Text(property.Value, "type") == "title").Key ?? UsualTitle,
            VendorHttp.Text(schema[RefProperty], "type") == "rich_text"
        )
        {
            IsRead = true,
        };
    }

    private Task<Reply> SendAsync(DestinationInUse to, HttpMethod method, string path, JsonNode? body = null) =>
        http.SendAsync(
            method,
            to.BaseUrl + path,
            headers =>
            {
                headers.Authorization = new AuthenticationHeaderValue("Bearer", to.Token);
                headers.Add("Notion-Version", Version);
            },
            body
        );

    private Remote Failed(DestinationInUse to, Reply reply)
    {
        var json = VendorHttp.JsonOf(reply);
        var words = VendorHttp.Text(json, "message");
        return VendorHttp.Text(json, "code") == "object_not_found"
            ? VendorHttp.Hidden(
                to,
                new Remote.Refused(
                    $"{reply.Host} does not find the page or database (404). Add the connection at it: menu, Add connections. It says: {words}"
                )
            )
            : http.Failed(to, reply, words);
    }

    private static string? IdOf(JsonNode? node) => VendorHttp.Text(node, "id") is { Length: > 0 and <= DestinationLink.MaxRemoteId } id ? id : null;

    private static JsonArray TextOf(string text) => [new JsonObject { ["text"] = new JsonObject { ["content"] = text } }];

    private static Remote.Refused? TooLong(Outgoing what) =>
        // The rest of the request is a title at most.
        Encoding.UTF8.GetByteCount(what.Body)
        > MaxRequest - 4 * MaxText
            ? new Remote.Refused("The postmortem is longer than the 500 KB that Notion takes at once. Shorten it, then send it again.")
            : null;

    /// <param name="Title">The name of the title property.</param>
    /// <param name="HasRef">Whether its schema has our property.</param>
    private sealed record Place(string Id, bool IsPage, string Title, bool HasRef)
    {
        /// <summary>Whether its schema could be read.</summary>
        public bool IsRead { get; init; }
    }
}
