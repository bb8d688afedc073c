using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
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

    public async Task<Remote> FindAsync(DestinationInUse to, Outgoing what, string? sentTitle, DateTimeOffset? claimedAt)
    {
        var (place, failure) = await PlaceAsync(to);
        if (place is null)
            return failure!;
        return place.IsPage ? await FindUnderAsync(to, place, what, sentTitle) : await FindRowAsync(to, place, what);
    }

    public async Task<Remote> CreateAsync(DestinationInUse to, DestinationMessage message, Outgoing what)
    {
        if (TooLong(what) is { } refused)
            return refused;
        var (place, failure) = await PlaceAsync(to);
        if (place is null)
            return failure!;
        var properties = TitleOf(place, what);
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
        Forget(to, reply);
        return reply.IsGood && VendorHttp.JsonOf(reply) is { } made && IdOf(made) is { } id
            ? new Remote.Found(new(id, VendorHttp.Text(made, "url"), Title: what.Title))
            : Failed(to, reply);
    }

    public async Task<Remote> ReadAsync(DestinationInUse to, Outgoing what, string remoteId)
    {
        var page = await SendAsync(to, HttpMethod.Get, $"/v1/pages/{remoteId}");
        var json = VendorHttp.JsonOf(page);
        if (!page.IsGood || json is null)
            return Failed(to, page);
        if (IsInTrash(json))
            return new Remote.Refused("The page lies in the trash there. Restore it, then send it again.", IsMissing: true);
        if (TitleOf(json) is not { } title)
            return Failed(to, page);
        var reply = await SendAsync(to, HttpMethod.Get, $"/v1/pages/{remoteId}/markdown");
        var read = VendorHttp.JsonOf(reply);
        if (!reply.IsGood || VendorHttp.Text(read, "markdown") is not { } body)
            return Failed(to, reply);
        // Our line is the last one, so of a part nobody can say whose it is.
        if (IsTrue(read, "truncated"))
            return new Remote.Later($"{reply.Host} told only a part of the page '{title}'.");
        return new Remote.Found(new(remoteId, VendorHttp.Text(json, "url"), Body: body, IsOurs: what.Ref.IsIn(body), Title: title));
    }

    /// <summary>The title first, where it is another one: it stands apart from the text.</summary>
    public async Task<Remote> UpdateAsync(DestinationInUse to, DestinationMessage message, Outgoing what, RemoteObject current)
    {
        if (TooLong(what) is { } refused)
            return refused;
        if (current.Title != what.Title)
        {
            var (place, failure) = await PlaceAsync(to);
            if (place is null)
                return failure!;
            var body = new JsonObject { ["properties"] = TitleOf(place, what) };
            var titled = await SendAsync(to, HttpMethod.Patch, $"/v1/pages/{current.Id}", body);
            Forget(to, titled);
            if (!titled.IsGood)
                return Failed(to, titled);
        }
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
        return reply.IsGood && VendorHttp.JsonOf(reply) is not null
            ? new Remote.Found(current with { Body = null, Title = what.Title })
            : Failed(to, reply);
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
        if (!reply.IsGood || VendorHttp.ListOrNull(VendorHttp.JsonOf(reply), "results") is not { } rows)
            return Failed(to, reply);
        foreach (var row in rows)
        {
            if (IdOf(row) is not { } id)
                return Failed(to, reply);
            if (!IsInTrash(row))
                return await ReadAsync(to, what, id) switch
                {
                    // The row says whose it is, whatever its text says.
                    Remote.Found { There: var found } => new Remote.Found(found with { IsOurs = true }),
                    var other => other,
                };
        }
        return new Remote.Nothing();
    }

    /// <summary>Titles may repeat and change, so of pages with the incident's id in their title, the one that bears the marker is meant.</summary>
    private async Task<Remote> FindUnderAsync(DestinationInUse to, Place place, Outgoing what, string? sentTitle)
    {
        string? cursor = null;
        for (var page = 0; page < MostPages; page++)
        {
            var from = cursor is null ? "" : $"&start_cursor={Uri.EscapeDataString(cursor)}";
            var reply = await SendAsync(to, HttpMethod.Get, $"/v1/blocks/{place.Id}/children?page_size=100{from}");
            var json = VendorHttp.JsonOf(reply);
            if (!reply.IsGood || VendorHttp.ListOrNull(json, "results") is not { } blocks)
                return Failed(to, reply);
            foreach (var block in blocks)
            {
                if (IdOf(block) is not { } id)
                    return Failed(to, reply);
                var title = VendorHttp.Text(block, "child_page", "title");
                if (title is null || IsInTrash(block) || title != sentTitle && !title.Contains(what.Ref.Id, StringComparison.Ordinal))
                    continue;
                var found = await ReadAsync(to, what, id);
                if (found is not (Remote.Found { There.IsOurs: false } or Remote.Refused { IsMissing: true }))
                    return found;
            }
            if (VendorHttp.Text(json, "next_cursor") is not { } next)
                return IsTrue(json, "has_more") ? Failed(to, reply) : new Remote.Nothing();
            cursor = next;
        }
        return new Remote.Refused($"The page has more than {MostPages * 100:N0} blocks, too many to look through. Choose another page, or a database.");
    }

    /// <summary>Finds out what was entered: a database has data sources, a page has children, and what is left is a data source.</summary>
    private async Task<(Place? Place, Remote? Failure)> PlaceAsync(DestinationInUse to, bool isFresh = false)
    {
        var name = NameOf(to);
        if (!isFresh && _places.TryGetValue(name, out var known))
            return (known, null);
        var (place, failure) = await ReadPlaceAsync(to, name.Item3);
        if (place is null)
            return (null, failure);
        if (_places.Count >= MostPlaces)
            _places.Clear();
        _places[name] = place;
        return (place, null);
    }

    private async Task<(Place? Place, Remote? Failure)> ReadPlaceAsync(DestinationInUse to, string entered)
    {
        var parent = NotionPlace.Read(entered) ?? throw new InvalidOperationException($"Destination {to.Id} has no place in Notion.");
        if (parent.Kind == "data_source")
            return await SourceAsync(to, parent.Id);
        if (parent.Kind != "page")
        {
            var reply = await SendAsync(to, HttpMethod.Get, $"/v1/databases/{parent.Id}");
            if (reply.IsGood)
                return IdOf(VendorHttp.List(VendorHttp.JsonOf(reply), "data_sources").FirstOrDefault()) is { } source
                    ? await SourceAsync(to, source)
                    : (null, Failed(to, reply));
            if (parent.Kind == "database" || IsNoAnswerToThat(reply))
                return (null, Failed(to, reply));
        }
        var children = await SendAsync(to, HttpMethod.Get, $"/v1/blocks/{parent.Id}/children?page_size=1");
        if (children.IsGood && VendorHttp.ListOrNull(VendorHttp.JsonOf(children), "results") is not null)
            return (new(parent.Id, IsPage: true, "title", HasRef: false), null);
        if (children.IsGood || parent.Kind == "page" || IsNoAnswerToThat(children))
            return (null, Failed(to, children));
        return await SourceAsync(to, parent.Id);
    }

    /// <summary>Whether an answer says nothing about what there is.</summary>
    private static bool IsNoAnswerToThat(Reply reply) => reply.NotReached is not null || reply.Status is not (400 or 404);

    private async Task<(Place? Place, Remote? Failure)> SourceAsync(DestinationInUse to, string id)
    {
        var reply = await SendAsync(to, HttpMethod.Get, $"/v1/data_sources/{id}");
        return
            reply.IsGood
            && VendorHttp.JsonOf(reply) is JsonObject json
            && json["properties"] is JsonObject schema
            && schema.FirstOrDefault(property => VendorHttp.Text(property.Value, "type") == "title").Key is { } title
            ? (new(id, IsPage: false, title, VendorHttp.Text(schema[RefProperty], "type") == "rich_text"), null)
            : (null, Failed(to, reply));
    }

    /// <summary>A place that does not take what is sent may have changed, so it is looked at again next time.</summary>
    private void Forget(DestinationInUse to, Reply reply)
    {
        if (reply is { NotReached: null, Status: 400 or 404 })
            _places.TryRemove(NameOf(to), out _);
    }

    private static (string, string, string) NameOf(DestinationInUse to) => (to.Id, to.BaseUrl, to.Setting(DestinationField.Parent) ?? "");

    private static bool IsInTrash(JsonNode? node) => IsTrue(node, "in_trash") || IsTrue(node, "archived");

    private static bool IsTrue(JsonNode? node, string name) =>
        node is JsonObject fields && fields[name] is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    /// <summary>The title of a page as it is read; null where there is none.</summary>
    private static string? TitleOf(JsonNode page) =>
        page is JsonObject fields
        && fields["properties"] is JsonObject properties
        && properties.FirstOrDefault(property => VendorHttp.Text(property.Value, "type") == "title").Value is JsonObject title
        && VendorHttp.ListOrNull(title, "title") is { } parts
            ? string.Concat(parts.Select(part => VendorHttp.Text(part, "plain_text") ?? VendorHttp.Text(part, "text", "content")))
            : null;

    private static JsonObject TitleOf(Place place, Outgoing what) => new() { [place.Title] = new JsonObject { ["title"] = TextOf(what.Title) } };

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
                    $"{reply.Host} does not find the page or database (404). Add the connection at it: menu, Add connections. It says: {words}",
                    IsMissing: true
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
    private sealed record Place(string Id, bool IsPage, string Title, bool HasRef);
}
