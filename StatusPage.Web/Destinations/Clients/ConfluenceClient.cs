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

    public abstract Task<Remote> FindAsync(DestinationInUse to, Outgoing what, DateTimeOffset? claimedAt);

    public async Task<Remote> CreateAsync(DestinationInUse to, DestinationMessage message, Outgoing what) =>
        TooLong(what) is { } refused ? refused : await LabelledAsync(to, await CreateAsync(to, what));

    public abstract Task<Remote> ReadAsync(DestinationInUse to, Outgoing what, string remoteId);

    public async Task<Remote> UpdateAsync(DestinationInUse to, DestinationMessage message, Outgoing what, RemoteObject current) =>
        TooLong(what) is { } refused ? refused : await UpdateAsync(to, what, current);

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
    private async Task<Remote> LabelledAsync(DestinationInUse to, Remote made)
    {
        if (made is not Remote.Found { There: var page })
            return made;
        var reply = await SendAsync(to, HttpMethod.Post, LabelPath(page.Id), new JsonArray(new JsonObject { ["prefix"] = "global", ["name"] = Label }));
        return reply.IsGood
            ? made
            : new Remote.Found(page with { Note = $"The page is there, but without the label '{Label}': the token may not write labels." });
    }
}
