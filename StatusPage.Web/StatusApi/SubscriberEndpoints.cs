using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Accounts;
using StatusPage.Web.Channels;
using StatusPage.Web.Data;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Web.StatusApi;

/// <summary>
/// <c>/v1/pages/{page_id}/subscribers</c>. Statuspage's "active", "unconfirmed" and "quarantined" are our confirmed, pending and suppressed.
/// Browsers are not listed: they have neither address nor a mode that its clients know.
/// </summary>
public static class SubscriberEndpoints
{
    private static readonly Dictionary<string, SubscriptionState?> States = new(StringComparer.Ordinal)
    {
        ["active"] = SubscriptionState.Confirmed, ["unconfirmed"] = SubscriptionState.Pending, ["quarantined"] = SubscriptionState.Suppressed, ["all"] = null,
    };

    private static readonly Dictionary<string, Channel> Types = new(StringComparer.Ordinal) { ["email"] = Channel.Email, ["webhook"] = Channel.Webhook };

    public static void MapSubscribers(this RouteGroupBuilder v1)
    {
        var subscribers = v1.MapGroup("/subscribers");
        subscribers.MapGet("", ListAsync);
        subscribers.MapGet("/count", CountAsync);
        subscribers.MapPost("", CreateAsync);
        subscribers.MapPost("/unsubscribe", UnsubscribeAsync).Writes();
        subscribers.MapGet("/{id}", async (string id, ManageRequest request, SubscriptionDesk desk) => One(200, await FindAsync(request, desk, id)));
        subscribers.MapMethods("/{id}", ["PATCH", "PUT"], UpdateAsync).Writes();
        subscribers.MapDelete("/{id}", RemoveAsync).Writes();
        subscribers.MapPost("/{id}/resend_confirmation", AskAgainAsync).Writes();
    }

    private static async Task<IResult> ListAsync(ManageRequest request)
    {
        var found = await FilteredAsync(request);
        // Unlike other lists, Statuspage counts the pages of this one from 0.
        var (skip, take) = ManageApi.Paging(request.Request, firstPage: 0);
        var descends = OneOf(request, "sort_direction", "asc", "desc") == "desc";
        var sorted = OneOf(request, "sort_field", "primary", "created_at", "quarantined_at", "relevance") switch
        {
            "created_at" => descends ? found.OrderByDescending(row => row.CreatedAt) : found.OrderBy(row => row.CreatedAt),
            "quarantined_at" => descends ? found.OrderByDescending(row => row.EndedAt) : found.OrderBy(row => row.EndedAt),
            _ => descends ? found.OrderByDescending(row => row.Key) : found.OrderBy(row => row.Key),
        };
        var rows = await sorted.ThenBy(row => row.Id).Skip(skip).Take(take).ToListAsync(request.Cancel);
        return List(rows);
    }

    private static async Task<IQueryable<Subscriber>> FilteredAsync(ManageRequest request)
    {
        var page = (await request.PageAsync()).Id;
        var found = request.Desk.Db.Subscribers.AsNoTracking().Where(row => row.PageId == page && row.Channel != Channel.WebPush)
            .Where(Search.In<Subscriber>(row => row.Key, request.Request.Query["q"]));
        if (States[OneOf(request, "state", [.. States.Keys])] is { } state) found = found.Where(row => row.State == state);
        else found = found.Where(row => row.State != SubscriptionState.Ended);
        if (request.Request.Query["type"].ToString() is not { Length: > 0 } type) return found;
        // A type that Statuspage has and we do not is nobody's.
        if (!Types.TryGetValue(type, out var channel)) return found.Where(_ => false);
        return found.Where(row => row.Channel == channel);
    }

    private static async Task<IResult> CountAsync(ManageRequest request)
    {
        var page = (await request.PageAsync()).Id;
        var counts = await request.Desk.Db.Subscribers.Where(row => row.PageId == page && row.Channel != Channel.WebPush && row.State != SubscriptionState.Ended)
            .GroupBy(row => row.State).Select(group => new { State = group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.State, row => row.Count, request.Cancel);
        return ManageApi.Json(200, json =>
        {
            json.WriteStartObject();
            foreach (var (name, state) in States) json.WriteNumber(state is null ? "total" : name, state is { } one ? counts.GetValueOrDefault(one) : counts.Values.Sum());
            json.WriteEndObject();
        });
    }

    /// <summary>An email address alone subscribes by mail; with an endpoint, a webhook.</summary>
    private static async Task<IResult> CreateAsync(ManageRequest request, SubscriptionDesk desk, HttpContext http)
    {
        var body = await Body.ReadAsync(request.Request, "subscriber", request.Cancel);
        var page = await request.PageAsync();
        var role = http.User.RoleOf();
        var skips = body.Flag("skip_confirmation_notification", false);
        if (role is Role.Auditor or null) return ApiErrors.Result(StatusCodes.Status403Forbidden, "This key may read, but not subscribe anybody.");
        if (skips && !http.User.MayPublish())
            return ApiErrors.Result(StatusCodes.Status403Forbidden, "This key may not skip the confirmation. Leave skip_confirmation_notification out, or use a key with the role comms or owner.");
        if (body.Text("phone_number") is not null) throw body.Wrong("phone_number", "left out: text messages are not sent here");
        var endpoint = body.Text("endpoint");
        var wanted = endpoint is null ? Subscriber.ByEmail(page.Id, body.Text("email"), request.Desk.Now) : desk.NewWebhook(page.Id, endpoint, body.Text("email"));
        wanted.Choose(await ComponentsAsync(request, desk, body));
        if (await desk.FindSameAsync(wanted, request.Cancel) is { } known) RefuseKnown(known);
        if (skips)
        {
            request.Desk.Db.Subscribers.Add(wanted);
            await desk.ConfirmAsync(wanted, request.Actor, request.Cancel);
            return One(201, wanted, page.LinkKey);
        }
        return One(201, await desk.RequestAsync(wanted, null, request.Actor, request.Cancel), page.LinkKey);
    }

    /// <summary>Who ended it asks again, in the way of the public form. The others are there already, or must not be there.</summary>
    private static void RefuseKnown(Subscriber known)
    {
        if (known.State == SubscriptionState.Suppressed)
            throw new ApiException(StatusCodes.Status422UnprocessableEntity,
                $"Subscriber '{known.Id}' is suppressed, since {known.SuppressedFor ?? "mail came back"}. POST …/subscribers/{known.Id}/resend_confirmation asks its owner.");
        throw new ApiException(StatusCodes.Status409Conflict, known.State == SubscriptionState.Ended
            ? $"Subscriber '{known.Id}' unsubscribed. POST …/subscribers/{known.Id}/resend_confirmation asks its owner." : $"Subscriber '{known.Id}' has this address already.");
    }

    private static async Task<IResult> UpdateAsync(string id, ManageRequest request, SubscriptionDesk desk)
    {
        var body = await Body.ReadAsync(request.Request, "subscriber", request.Cancel, mayBeBare: true);
        var subscriber = await FindAsync(request, desk, id);
        foreach (var fixedField in new[] { "email", "endpoint" })
            if (body.Has(fixedField)) throw body.Wrong(fixedField, "left out: an address cannot be changed. Delete the subscriber and add the other one");
        if (body.Has("component_ids")) await desk.ChooseAsync(subscriber, await ComponentsAsync(request, desk, body), [], request.Actor, request.Cancel);
        return One(200, subscriber);
    }

    /// <summary>The address is forgotten, so that it can be added anew.</summary>
    private static async Task<IResult> RemoveAsync(string id, ManageRequest request, SubscriptionDesk desk)
    {
        var subscriber = await FindAsync(request, desk, id);
        await desk.RemoveAsync(subscriber.PageId, subscriber.Id, request.Actor, request.Cancel);
        return One(200, subscriber);
    }

    private static async Task<IResult> AskAgainAsync(string id, ManageRequest request, SubscriptionDesk desk)
    {
        var subscriber = await FindAsync(request, desk, id, evenEnded: true);
        return await desk.AskAgainAsync(subscriber, request.Actor, request.Cancel) ? One(201, subscriber)
            : ApiErrors.Result(StatusCodes.Status429TooManyRequests, "Three mails were sent to this address within the last hour. Wait a while, then try again.");
    }

    /// <summary><c>{"subscribers": ["id", …]}</c>; those that are not known are passed over.</summary>
    private static async Task<IResult> UnsubscribeAsync(ManageRequest request, SubscriptionDesk desk)
    {
        var body = await Body.ReadAsync(request.Request, "unsubscribe", request.Cancel, mayBeBare: true);
        var ids = (body.Texts("subscribers") ?? throw body.Wrong("subscribers", "an array of ids")).Where(PublicId.LooksLikeOne).Select(SubscriberId.Of).ToList();
        var page = (await request.PageAsync()).Id;
        var rows = await request.Desk.Db.Subscribers.Where(row => row.PageId == page && ids.Contains(row.Id) && row.State != SubscriptionState.Ended).ToListAsync(request.Cancel);
        await desk.EndAsync(rows, page, request.Actor, request.Cancel);
        return List(rows);
    }

    private static async Task<IReadOnlyList<ComponentId>> ComponentsAsync(ManageRequest request, SubscriptionDesk desk, Body body)
    {
        var wanted = body.Texts("component_ids") ?? [];
        if (wanted.Count == 0) return [];
        var known = (await desk.ComponentsAsync((await request.PageAsync()).Id, request.Cancel)).Select(row => row.Id).ToHashSet();
        return [.. wanted.Select(id => known.Contains(ComponentId.Of(id)) ? ComponentId.Of(id)
            : throw new ApiException(StatusCodes.Status422UnprocessableEntity, $"subscriber.component_ids: there is no component '{id}' on this page."))];
    }

    private static string OneOf(ManageRequest request, string name, params string[] allowed)
    {
        var value = request.Request.Query[name].ToString();
        if (value.Length == 0) return allowed[0];
        return allowed.Contains(value) ? value : throw new ApiException(StatusCodes.Status400BadRequest, $"'{name}' must be one of {string.Join(", ", allowed)}.");
    }

    private static async Task<Subscriber> FindAsync(ManageRequest request, SubscriptionDesk desk, string id, bool evenEnded = false) =>
        await desk.FindAsync((await request.PageAsync()).Id, id, request.Cancel) is { Channel: not Channel.WebPush } subscriber
            && (evenEnded || subscriber.State != SubscriptionState.Ended) ? subscriber : throw ManageApi.NotFound("subscriber", id);

    /// <param name="linkKey">Given where the one who made a webhook is to learn how its requests are signed.</param>
    private static IResult One(int status, Subscriber subscriber, byte[]? linkKey = null) =>
        ManageApi.Json(status, json => Write(json, subscriber, linkKey is not null && subscriber.Channel == Channel.Webhook ? WebhookSecret.For(subscriber.Id, linkKey) : null));

    private static IResult List(IReadOnlyList<Subscriber> rows) => ManageApi.Json(200, json =>
    {
        json.WriteStartArray();
        foreach (var row in rows) Write(json, row);
        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, Subscriber subscriber, string? signingSecret = null)
    {
        json.WriteStartObject();
        json.WriteString("id", subscriber.Id.Value);
        // Who is not confirmed is waiting for the answer to that very notification.
        json.WriteBoolean("skip_confirmation_notification", false);
        json.WriteString("mode", subscriber.Channel.Code());
        json.WriteString("email", subscriber.Email);
        json.WriteString("endpoint", subscriber.Endpoint);
        foreach (var none in new[] { "phone_number", "phone_country", "display_phone_number", "obfuscated_channel_name", "workspace_name" }) json.WriteNull(none);
        json.WriteInstant("quarantined_at", subscriber.State == SubscriptionState.Suppressed ? subscriber.EndedAt : null);
        json.WriteNull("purge_at");
        json.WriteStartArray("components");
        foreach (var component in subscriber.ComponentIds) json.WriteStringValue(component.Value);
        json.WriteEndArray();
        json.WriteNull("page_access_user_id");
        json.WriteInstant("created_at", subscriber.CreatedAt);
        json.WriteStartArray("incident_ids");
        foreach (var incident in subscriber.IncidentIds) json.WriteStringValue(incident.Value);
        json.WriteEndArray();
        if (signingSecret is not null) json.WriteString("signing_secret", signingSecret);
        json.WriteEndObject();
    }
}
