using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using StatusPage.Domain;
using StatusPage.Domain.Destinations;
using StatusPage.Web.Channels;
using StatusPage.Web.Destinations.Writing;

namespace StatusPage.Web.Destinations.Clients;

/// <summary>What Confluence Cloud and Confluence Data Center have in common: a page in storage format, whose title is unique in its space.</summary>
public abstract class ConfluenceClient(VendorHttp http) : IDestinationClient
{
    public const string Label = "postmortem";

    /// <summary>Characters.</summary>
    private const int MaxTitle = 255;

    /// <summary>Bytes.</summary>
    private const int MaxBody = 5 * 1024 * 1024;

    /// <summary>Under load, refusals of a minute occur, so one is only believed the third time.</summary>
    private const int RefusedTries = 3;

    public abstract DestinationKind Kind { get; }

    protected VendorHttp Http => http;

    public Outgoing Write(DestinationInUse to, DestinationMessage message)
    {
        var document = message.Postmortem!;
        // The id makes it the only one in its space.
        var code = $" ({document.IncidentId})";
        return new(message.Ref, Text.Cut(document.Title, MaxTitle - code.Length) + code, ConfluenceMarkup.Write(document.Parts, message.Ref));
    }

    public abstract Task<Remote> TestAsync(DestinationInUse to);

    /// <summary>By the title that was sent, and by that of now, where they differ.</summary>
    public async Task<Remote> FindAsync(DestinationInUse to, Outgoing what, string? sentTitle, DateTimeOffset? claimedAt)
    {
        if (sentTitle is not null && sentTitle != what.Title)
        {
            var found = await FindAsync(to, what, sentTitle);
            // A page of the former title that is not ours is in nobody's way.
            if (found is not (Remote.Nothing or Remote.Found { There.IsOurs: false }))
                return found;
        }
        return await FindAsync(to, what, what.Title);
    }

    public Task<RemoteObject> CompleteAsync(DestinationInUse to, RemoteObject made) => LabelledAsync(to, made);

    public async Task<Remote> CreateAsync(DestinationInUse to, DestinationMessage message, Outgoing what)
    {
        if (TooLong(what) is { } refused)
            return refused;
        var outcome = await CreateAsync(to, what);
        return outcome is Remote.Found { There: var made } ? new Remote.Found(await LabelledAsync(to, made)) : outcome;
    }

    public abstract Task<Remote> ReadAsync(DestinationInUse to, Outgoing what, string remoteId);

    public async Task<Remote> UpdateAsync(DestinationInUse to, DestinationMessage message, Outgoing what, RemoteObject current) =>
        TooLong(what) is { } refused ? refused : await UpdateAsync(to, what, current);

    protected abstract Task<Remote> FindAsync(DestinationInUse to, Outgoing what, string title);

    protected abstract Task<Remote> CreateAsync(DestinationInUse to, Outgoing what);

    protected abstract Task<Remote> UpdateAsync(DestinationInUse to, Outgoing what, RemoteObject current);

    /// <summary>The path at which labels are added; only the first version of the API can.</summary>
    protected abstract string LabelPath(string id);

    protected abstract AuthenticationHeaderValue Authorization(DestinationInUse to);

    protected Task<Reply> SendAsync(DestinationInUse to, HttpMethod method, string path, JsonNode? body = null) =>
        http.SendAsync(
            method,
            to.BaseUrl + path,
            headers =>
            {
                headers.Authorization = Authorization(to);
                headers.Accept.ParseAdd("application/json");
            },
            body
        );

    protected Remote Failed(DestinationInUse to, Reply reply)
    {
        var json = VendorHttp.JsonOf(reply);
        // The second version lists errors, the first has one message.
        var first = VendorHttp.List(json, "errors").FirstOrDefault();
        var words =
            VendorHttp.Text(json, "message")
            ?? string.Join(' ', new[] { VendorHttp.Text(first, "title"), VendorHttp.Text(first, "detail") }.Where(part => part is not null));
        if (reply.NotReached is null && reply.Status is 400 or 404 or 409 && words.Contains("already exists", StringComparison.OrdinalIgnoreCase))
            return VendorHttp.Hidden(
                to,
                new Remote.Conflict($"{reply.Host} has a page of this title already. Rename that page, then send it again. It says: {words}")
            );
        return http.Failed(to, reply, words) is Remote.Refused refused && reply.Status is 403 or 404
            ? refused with
            {
                Tries = RefusedTries,
            }
            : http.Failed(to, reply, words);
    }

    /// <summary>The page of a title among those of a list; a title is unique in its space, so there is no second part of the list.</summary>
    protected Remote PageIn(DestinationInUse to, Reply reply, string site, Outgoing what, string title)
    {
        var json = VendorHttp.JsonOf(reply);
        if (!reply.IsGood || VendorHttp.ListOrNull(json, "results") is not { } pages)
            return Failed(to, reply);
        foreach (var page in pages)
        {
            if (PageOf(to, page, json, site, what.Ref) is not { Body: not null } found)
                return Failed(to, reply);
            if (VendorHttp.Text(page, "status") == "archived")
                return Archived(title);
            return new Remote.Found(found);
        }
        return new Remote.Nothing();
    }

    /// <param name="page">As either version of the API tells a page.</param>
    /// <param name="root">Where the address of the site may stand.</param>
    protected static RemoteObject? PageOf(DestinationInUse to, JsonNode? page, JsonNode? root, string site, DestinationRef reference)
    {
        if (VendorHttp.Text(page, "id") is not { Length: > 0 and <= DestinationLink.MaxRemoteId } id)
            return null;
        var address = VendorHttp.Text(page, "_links", "base") ?? VendorHttp.Text(root, "_links", "base") ?? site;
        var body = VendorHttp.Text(page, "body", "storage", "value");
        return new(
            id,
            VendorHttp.Text(page, "_links", "webui") is { } path ? address.TrimEnd('/') + path : null,
            int.TryParse(VendorHttp.Text(page, "version", "number"), System.Globalization.CultureInfo.InvariantCulture, out var version) ? version : null,
            body,
            body is not null && reference.IsIn(body)
        );
    }

    protected static JsonObject Body(Outgoing what) => new() { ["representation"] = "storage", ["value"] = what.Body };

    /// <summary>Archived pages hold their title.</summary>
    protected static Remote.Refused Archived(string title) =>
        new($"An archived page holds the title '{title}'. Restore it, or delete it, then send it again.");

    private static Remote.Refused? TooLong(Outgoing what) =>
        Encoding.UTF8.GetByteCount(what.Body) > MaxBody
            ? new Remote.Refused("The postmortem is longer than the 5 MB that Confluence takes. Shorten it, then send it again.")
            : null;

    /// <summary>The label comes last; a page without it is a page all the same.</summary>
    private async Task<RemoteObject> LabelledAsync(DestinationInUse to, RemoteObject page)
    {
        var reply = await SendAsync(to, HttpMethod.Post, LabelPath(page.Id), new JsonArray(new JsonObject { ["prefix"] = "global", ["name"] = Label }));
        if (reply.IsGood)
            return page;
        var why =
            reply.NotReached is null && reply.Status is 401 or 403 or 404 ? "the token may not write labels"
            : reply.NotReached is null ? $"{reply.Host} answered {reply.Status}. Add it there by hand"
            : $"{reply.Host} did not answer. Add it there by hand";
        return page with { Note = $"The page is there, but without the label '{Label}': {why}." };
    }

    protected static Remote.Refused Gone { get; } = new("The page was archived or deleted there. Restore it, then send it again.", IsMissing: true);
}
