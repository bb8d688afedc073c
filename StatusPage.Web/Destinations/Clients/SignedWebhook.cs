using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using StatusPage.Domain.Destinations;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Channels;

namespace StatusPage.Web.Destinations.Clients;

/// <summary>
/// One webhook for every other system, signed as Standard Webhooks 1.0.0 asks. Receivers know the object by <c>data.id</c> and the delivery by
/// <c>webhook-id</c>, so a second attempt makes nothing twice. What has changed before the second attempt has another <c>webhook-id</c>.
/// </summary>
public sealed class SignedWebhook(VendorHttp http) : IDestinationClient
{
    /// <summary>The time within which a receiver must have answered.</summary>
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(15);

    public DestinationKind Kind => DestinationKind.Webhook;

    /// <returns><c>v1,</c> and the HMAC in base64, for each secret; joined by a space while one is being replaced.</returns>
    public static string Sign(IEnumerable<string> secrets, string id, long seconds, byte[] body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{seconds}.")), .. body];
        return string.Join(
            ' ',
            secrets.Select(WebhookKey.BytesOf).OfType<byte[]>().Select(key => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}")
        );
    }

    public Outgoing Write(DestinationInUse to, DestinationMessage message)
    {
        var data = message.Postmortem is { } document ? Data(document, message) : Data(message.Item!, message);
        return new(message.Ref, message.Postmortem?.Title ?? message.Item!.Item.Title, VendorHttp.Write(data));
    }

    public async Task<Remote> TestAsync(DestinationInUse to)
    {
        var reply = await SendAsync(to, $"msg_test_{Domain.PublicId.NewValue()}", "test", new JsonObject { ["id"] = "test" });
        return reply.IsGood ? new Remote.Found(new("test", null, Note: $"{reply.Host} took the test ({reply.Status}).")) : Failed(to, reply);
    }

    /// <summary>Nothing can be looked up, and nothing needs to be: the receiver recognises what comes again.</summary>
    public Task<Remote> FindAsync(DestinationInUse to, Outgoing what, string? sentTitle, DateTimeOffset? claimedAt) =>
        Task.FromResult<Remote>(new Remote.Nothing());

    public Task<Remote> ReadAsync(DestinationInUse to, Outgoing what, string remoteId) => Task.FromResult<Remote>(new Remote.Found(new(remoteId, null)));

    public Task<Remote> UpdateAsync(DestinationInUse to, DestinationMessage message, Outgoing what, RemoteObject current) =>
        CreateAsync(to, message, what);

    public async Task<Remote> CreateAsync(DestinationInUse to, DestinationMessage message, Outgoing what)
    {
        var type =
            message.Item is not null ? DestinationEvents.ItemChanged
            : message.IsKnownThere ? DestinationEvents.Revised
            : DestinationEvents.Published;
        if (to.Setting(DestinationField.Types) is { } types && !types.Split(',', StringSplitOptions.TrimEntries).Contains(type))
            return new Remote.Refused($"This destination does not take {type}. Add it to its events, then send it again.");
        var reply = await SendAsync(to, message.EventId, type, JsonNode.Parse(what.Body)!);
        if (!reply.IsGood)
            return Failed(to, reply);
        var url =
            reply.Text("url") is { Length: <= DestinationLink.MaxUrl } given
            && Uri.TryCreate(given, UriKind.Absolute, out var address)
            && address.Scheme is "https" or "http"
                ? given
                : null;
        return new Remote.Found(new(what.Ref.ToString(), url));
    }

    private Task<Reply> SendAsync(DestinationInUse to, string id, string type, JsonNode data)
    {
        var now = http.Now;
        var body = Encoding.UTF8.GetBytes(
            VendorHttp.Write(
                new JsonObject
                {
                    ["type"] = type,
                    ["timestamp"] = Instant(now),
                    ["data"] = data,
                }
            )
        );
        var seconds = now.ToUnixTimeSeconds();
        return http.SendAsync(
            HttpMethod.Post,
            to.BaseUrl,
            headers =>
            {
                headers.Add("webhook-id", id);
                headers.Add("webhook-timestamp", seconds.ToString(CultureInfo.InvariantCulture));
                headers.Add("webhook-signature", Sign(to.SigningSecrets(now), id, seconds, body));
            },
            body,
            AnswersWithin
        );
    }

    private Remote Failed(DestinationInUse to, Reply reply) =>
        reply switch
        {
            { NotReached: null, Status: 410 } => new Remote.Refused(
                $"{reply.Host} says that it wants no more of this (410), so the destination was turned off. Turn it on again when the receiver is back.",
                TurnsOff: true
            ),
            // Whatever else it answers may pass, and is tried for three days.
            { NotReached: null, Status: not (429 or 529) } => new Remote.Later($"{reply.Host} answered {reply.Status}.", reply.RetryAt(http.Now)),
            _ => http.Failed(to, reply, null),
        };

    private static JsonObject Data(PostmortemDocument document, DestinationMessage message)
    {
        var minutes = document.ResolvedAt is { } resolved ? (long?)Math.Round((resolved - document.StartedAt).TotalMinutes) : null;
        return new()
        {
            ["id"] = message.Ref.ToString(),
            ["revision"] = document.Revision,
            ["url"] = document.Url,
            ["title"] = document.Title,
            ["incident"] = new JsonObject
            {
                ["id"] = document.IncidentId.Value,
                ["severity"] = document.Severity?.Code(),
                ["started_at"] = Instant(document.StartedAt),
                ["resolved_at"] = document.ResolvedAt is { } end ? Instant(end) : null,
            },
            ["impact"] = new JsonObject
            {
                ["users_affected"] = document.UsersAffected,
                ["duration_minutes"] = minutes,
                ["revenue"] = document.Revenue,
            },
            ["root_cause"] = document.RootCause,
            ["timeline"] = new JsonArray([.. document.Timeline.Select(moment => new JsonObject { ["at"] = Instant(moment.At), ["text"] = moment.Text })]),
            ["action_items"] = new JsonArray([.. document.ActionItems.Select(item => ItemOf(item, message))]),
            ["markdown"] = document.Markdown,
        };
    }

    private static JsonObject Data(ItemDocument document, DestinationMessage message)
    {
        var data = ItemOf(document.Item, message);
        data["revision"] = document.Item.Version;
        data["incident"] = new JsonObject
        {
            ["id"] = document.Item.IncidentId.Value,
            ["title"] = document.IncidentTitle,
            ["url"] = document.IncidentUrl,
        };
        return data;
    }

    private static JsonObject ItemOf(ActionItem item, DestinationMessage message) =>
        new()
        {
            ["id"] = DestinationRef.Of(item.Id).ToString(),
            ["title"] = item.Title,
            ["owner"] = item.Owner,
            ["due"] = item.DueOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["state"] = item.State.Code(),
            ["url"] = message.ItemUrls.GetValueOrDefault(item.Id.Value),
        };

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
