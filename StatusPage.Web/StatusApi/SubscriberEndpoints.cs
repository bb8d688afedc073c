using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Accounts;
using StatusPage.Web.Channels;
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
        ["active"] = SubscriptionState.Confirmed,
        ["unconfirmed"] = SubscriptionState.Pending,
        ["quarantined"] = SubscriptionState.Suppressed,
        ["all"] = null,
    };

    private static readonly Dictionary<string, Channel> Types = new(StringComparer.Ordinal) { ["email"] = Channel.Email, ["webhook"] = Channel.Webhook };

    private static readonly string[] SortFields = ["primary", "created_at", "quarantined_at", "relevance"];

    public static void MapSubscribers(this RouteGroupBuilder v1)
    {
        var subscribers = v1.MapGroup("/subscribers").In(ApiScopes.Subscribers, "Subscribers");
        subscribers
            .MapGet("", async (ManageRequest request) => await ListAsync(request, await FilteredAsync(request)))
            .Pages()
            .Filters()
            .Says<IReadOnlyList<SubscriberShape>>("Subscribers");
        subscribers
            .MapGet(
                "/unsubscribed",
                async (ManageRequest request) => await ListAsync(request, (await OfPageAsync(request)).Where(row => row.State == SubscriptionState.Ended))
            )
            .Pages()
            .Says<IReadOnlyList<SubscriberShape>>("Who unsubscribed");
        subscribers
            .MapGet("/count", CountAsync)
            .Query("type", "Of which channel", [.. Types.Keys])
            .Query("state", "active unless said otherwise", [.. States.Keys])
            .Says<TypesShape<int>>("How many there are, by channel");
        subscribers.MapGet("/histogram_by_state", HistogramAsync).Says<TypesShape<CountsShape>>("How many there are, by channel and state");
        subscribers
            .MapPost("", (ManageRequest request, SubscriptionDesk desk) => CreateAsync(request, desk, null))
            .Writes(Permissions.Draft)
            .Takes<SubscriberRequest>()
            .Says<SubscriberShape>("Subscribe somebody", StatusCodes.Status201Created);
        subscribers
            .MapPost("/unsubscribe", UnsubscribeAsync)
            .Writes()
            .Takes<ManySubscribers>()
            .Says<IReadOnlyList<SubscriberShape>>("Unsubscribe many", StatusCodes.Status201Created);
        subscribers
            .MapPost("/resend_confirmation", (ManageRequest request, SubscriptionDesk desk) => AskManyAsync(request, desk, SubscriptionState.Pending))
            .Writes()
            .Takes<ManySubscribers>()
            .Says<IReadOnlyList<SubscriberShape>>("Ask many who have not confirmed again", StatusCodes.Status201Created);
        subscribers
            .MapPost("/reactivate", (ManageRequest request, SubscriptionDesk desk) => AskManyAsync(request, desk, SubscriptionState.Suppressed))
            .Writes()
            .Takes<ManySubscribers>()
            .Says<IReadOnlyList<SubscriberShape>>("Ask many to whom mail came back; they are active again when they answer", StatusCodes.Status201Created);
        subscribers
            .MapGet(
                "/{subscriber_id}",
                async (string subscriber_id, ManageRequest request, SubscriptionDesk desk) =>
                    ManageApi.Ok(Shape(await FindAsync(request, desk, subscriber_id), request))
            )
            .Says<SubscriberShape>("A subscriber");
        subscribers
            .MapMethods("/{subscriber_id}", ["PATCH", "PUT"], UpdateAsync)
            .Writes()
            .Takes<SubscriberChange>()
            .Says<SubscriberShape>("Choose the components");
        subscribers.MapDelete("/{subscriber_id}", RemoveAsync).Writes().Says<SubscriberShape>("Forget a subscriber");
        subscribers
            .MapPost("/{subscriber_id}/resend_confirmation", AskAgainAsync)
            .Writes()
            .Says<SubscriberShape>("Ask again", StatusCodes.Status201Created);
        var followers = v1.MapGroup("/incidents/{incident_id}/subscribers").In(ApiScopes.Subscribers, "Subscribers of an incident");
        followers
            .MapGet(
                "",
                async (string incident_id, ManageRequest request) =>
                    await ListAsync(request, await FollowersOfAsync(request, await IncidentAsync(request, incident_id)))
            )
            .Pages()
            .Says<IReadOnlyList<SubscriberShape>>("Who follows an incident alone");
        followers
            .MapPost(
                "",
                async (string incident_id, ManageRequest request, SubscriptionDesk desk) =>
                    await CreateAsync(request, desk, await IncidentAsync(request, incident_id))
            )
            .Writes(Permissions.Draft)
            .Takes<SubscriberRequest>()
            .Says<SubscriberShape>("Subscribe somebody to an incident", StatusCodes.Status201Created);
        followers
            .MapGet(
                "/{subscriber_id}",
                async (string incident_id, string subscriber_id, ManageRequest request, SubscriptionDesk desk) =>
                    ManageApi.Ok(Shape(await FollowerAsync(request, desk, incident_id, subscriber_id), request))
            )
            .Says<SubscriberShape>("A subscriber of an incident");
        followers.MapDelete("/{subscriber_id}", UnfollowAsync).Writes().Says<SubscriberShape>("End a subscription to an incident");
        followers
            .MapPost(
                "/{subscriber_id}/resend_confirmation",
                async (string incident_id, string subscriber_id, ManageRequest request, SubscriptionDesk desk) =>
                    await AskAgainAsync((await FollowerAsync(request, desk, incident_id, subscriber_id)).Id.Value, request, desk)
            )
            .Writes()
            .Says<SubscriberShape>("Ask again", StatusCodes.Status201Created);
    }

    private static RouteHandlerBuilder Filters(this RouteHandlerBuilder endpoint) =>
        endpoint
            .Query("q", "A part of the address")
            .Query("type", "Of which channel", [.. Types.Keys])
            .Query("state", "active unless said otherwise", [.. States.Keys])
            .Query("sort_field", "By which field", SortFields)
            .Query("sort_direction", "asc unless said otherwise", ["asc", "desc"]);

    private static async Task<IResult> ListAsync(ManageRequest request, IQueryable<Subscriber> found)
    {
        var (skip, take) = ManageApi.Paging(request.Request);
        var descends = OneOf(request, "sort_direction", "asc", "desc") == "desc";
        var sorted = OneOf(request, "sort_field", SortFields) switch
        {
            "created_at" => descends ? found.OrderByDescending(row => row.CreatedAt) : found.OrderBy(row => row.CreatedAt),
            "quarantined_at" => descends ? found.OrderByDescending(row => row.EndedAt) : found.OrderBy(row => row.EndedAt),
            _ when !request.MayPublish => descends ? found.OrderByDescending(row => row.Email) : found.OrderBy(row => row.Email),
            _ => descends ? found.OrderByDescending(row => row.Key) : found.OrderBy(row => row.Key),
        };
        return List(request, await sorted.ThenBy(row => row.Id).Skip(skip).Take(take).ToListAsync(request.Cancel));
    }

    /// <summary>Ids of incidents are kept as a list in one column.</summary>
    private static async Task<IQueryable<Subscriber>> FollowersOfAsync(ManageRequest request, IncidentId incident)
    {
        var page = (await request.PageAsync()).Id;
        return request
            .Writer.Db.Subscribers.FromSqlRaw("""SELECT * FROM "Subscribers" WHERE "IncidentIds" LIKE {0}""", $"%{incident}%")
            .AsNoTracking()
            .Where(row => row.PageId == page && row.Channel != Channel.WebPush && row.State != SubscriptionState.Ended);
    }

    private static async Task<IQueryable<Subscriber>> OfPageAsync(ManageRequest request)
    {
        var page = (await request.PageAsync()).Id;
        return request.Writer.Db.Subscribers.AsNoTracking().Where(row => row.PageId == page && row.Channel != Channel.WebPush);
    }

    private static async Task<IQueryable<Subscriber>> FilteredAsync(ManageRequest request)
    {
        var found = (await OfPageAsync(request)).Find(request.Request.Query["q"], request.MayPublish);
        if (States[OneOf(request, "state", [.. States.Keys])] is { } state)
            found = found.Where(row => row.State == state);
        else
            found = found.Where(row => row.State != SubscriptionState.Ended);
        if (request.Request.Query["type"].ToString() is not { Length: > 0 } type)
            return found;
        // No subscriber has a type that Statuspage has and we do not.
        if (!Types.TryGetValue(type, out var channel))
            return found.Where(_ => false);
        return found.Where(row => row.Channel == channel);
    }

    private static async Task<IResult> CountAsync(ManageRequest request)
    {
        var counts = await CountsAsync(await FilteredAsync(request));
        return ManageApi.Ok(TypesShape.Of(mode => counts.Where(row => row.Channel.Code() == mode).Sum(row => row.Count)));
    }

    private static async Task<IReadOnlyList<(Channel Channel, SubscriptionState State, int Count)>> CountsAsync(IQueryable<Subscriber> found)
    {
        var counts = await found
            .GroupBy(row => new { row.Channel, row.State })
            .Select(group => new
            {
                group.Key.Channel,
                group.Key.State,
                Count = group.Count(),
            })
            .ToListAsync();
        return [.. counts.Select(row => (row.Channel, row.State, row.Count))];
    }

    private static async Task<IResult> HistogramAsync(ManageRequest request)
    {
        var counts = await CountsAsync((await OfPageAsync(request)).Where(row => row.State != SubscriptionState.Ended));
        return ManageApi.Ok(TypesShape.Of(mode => CountsOf(counts, mode)));
    }

    private static CountsShape CountsOf(IReadOnlyList<(Channel Channel, SubscriptionState State, int Count)> counts, string mode)
    {
        var of = counts.Where(row => row.Channel.Code() == mode).ToList();
        return new(In(SubscriptionState.Confirmed), In(SubscriptionState.Pending), In(SubscriptionState.Suppressed), of.Sum(row => row.Count));

        int In(SubscriptionState state) => of.Where(row => row.State == state).Sum(row => row.Count);
    }

    /// <summary>An email address alone subscribes by mail; with an endpoint, it subscribes a webhook.</summary>
    private static async Task<IResult> CreateAsync(ManageRequest request, SubscriptionDesk desk, IncidentId? incident)
    {
        var body = await Body.ReadAsync(request.Request, "subscriber", request.Cancel);
        var page = await request.PageAsync();
        var user = request.Request.HttpContext.User;
        var role = user.RoleOf();
        var skips = body.Flag("skip_confirmation_notification", false);
        if (role is Role.Auditor or null)
            return ApiErrors.Result(StatusCodes.Status403Forbidden, "This key may read, but not subscribe anybody.");
        if (skips && !user.MayPublish())
            return ApiErrors.Result(
                StatusCodes.Status403Forbidden,
                "This key may not skip the confirmation. Leave skip_confirmation_notification out, or use a key with the role comms or owner."
            );
        if (body.Text("phone_number") is not null)
            throw body.Wrong("phone_number", "left out: text messages are not sent here");
        var endpoint = body.Text("endpoint");
        var wanted = endpoint is null
            ? Subscriber.ByEmail(page.Id, body.Text("email"), request.Writer.Now)
            : desk.NewWebhook(page.Id, endpoint, body.Text("email"), mayLackEmail: true);
        // Nobody can be asked by mail, so the endpoint itself is, at once.
        var asksItself = wanted.Email is null;
        if (asksItself && !user.MayPublish())
            throw body.Wrong("email", "an address that can be asked, as this key may not publish");
        wanted.Choose(await ComponentsAsync(request, desk, body), incident is { } followed ? [followed] : null);
        if (await desk.FindSameAsync(wanted, request.Cancel) is { } known)
            RefuseKnown(known);
        if (skips || asksItself)
        {
            if (wanted.Channel != Channel.Webhook)
                request.Writer.Db.Subscribers.Add(wanted);
            await desk.ConfirmAsync(wanted, request.Actor, request.Cancel);
            return One(request, 201, wanted, page.LinkKey);
        }
        return await desk.RequestAsync(wanted, incident, request.Actor, request.Cancel) is { } requested
            ? One(request, 201, requested, page.LinkKey)
            : TooManyMails();
    }

    private static IResult TooManyMails() =>
        ApiErrors.Result(
            StatusCodes.Status429TooManyRequests,
            "Three mails were sent to this mailbox within the last hour. Wait a while, then try again."
        );

    /// <summary>
    /// Refuses to create a known subscriber. One that ended the subscription is asked again, as by the public form. The others are there already, or are
    /// suppressed.
    /// </summary>
    private static void RefuseKnown(Subscriber known)
    {
        if (known.State == SubscriptionState.Suppressed)
            throw new ApiException(
                StatusCodes.Status422UnprocessableEntity,
                $"Subscriber '{known.Id}' is suppressed, since {known.SuppressedFor ?? "mail came back"}. "
                    + $"POST …/subscribers/{known.Id}/resend_confirmation asks its owner."
            );
        throw new ApiException(
            StatusCodes.Status409Conflict,
            known.State == SubscriptionState.Ended
                ? $"Subscriber '{known.Id}' unsubscribed. POST …/subscribers/{known.Id}/resend_confirmation asks its owner."
                : $"Subscriber '{known.Id}' has this address already."
        );
    }

    private static async Task<IResult> UpdateAsync(string subscriber_id, ManageRequest request, SubscriptionDesk desk)
    {
        var body = await Body.ReadAsync(request.Request, "subscriber", request.Cancel, mayBeBare: true);
        var subscriber = await FindAsync(request, desk, subscriber_id);
        foreach (var fixedField in new[] { "email", "endpoint" })
            if (body.Has(fixedField))
                throw body.Wrong(fixedField, "left out: an address cannot be changed. Delete the subscriber and add the other one");
        if (body.Has("component_ids"))
            await desk.ChooseAsync(subscriber, await ComponentsAsync(request, desk, body), [], request.Actor, request.Cancel);
        return One(request, 200, subscriber);
    }

    /// <summary>The address is forgotten, so that it can be added anew.</summary>
    private static async Task<IResult> RemoveAsync(string subscriber_id, ManageRequest request, SubscriptionDesk desk)
    {
        var subscriber = await FindAsync(request, desk, subscriber_id);
        await desk.RemoveAsync(subscriber.PageId, subscriber.Id, request.Actor, request.Cancel);
        return One(request, 200, subscriber);
    }

    private static async Task<IResult> AskAgainAsync(string subscriber_id, ManageRequest request, SubscriptionDesk desk)
    {
        var subscriber = await FindAsync(request, desk, subscriber_id, evenEnded: true);
        return await desk.AskAgainAsync(subscriber, request.Actor, request.Cancel) ? One(request, 201, subscriber) : TooManyMails();
    }

    private static async Task<IResult> UnsubscribeAsync(ManageRequest request, SubscriptionDesk desk)
    {
        var rows = await ManyAsync(request, row => row.State != SubscriptionState.Ended);
        await desk.EndAsync(rows, (await request.PageAsync()).Id, request.Actor, request.Cancel);
        return List(request, rows, StatusCodes.Status201Created);
    }

    /// <summary>Answers with the subscribers who were asked. For the others, too many mails went out within the hour, to them or by the page.</summary>
    private static async Task<IResult> AskManyAsync(ManageRequest request, SubscriptionDesk desk, SubscriptionState state)
    {
        var asked = new List<Subscriber>();
        // A webhook without an address cannot be asked.
        foreach (var row in await ManyAsync(request, row => row.State == state && row.Email != null))
        {
            try
            {
                if (await desk.AskAgainAsync(row, request.Actor, request.Cancel))
                    asked.Add(row);
            }
            catch (LimitReached) when (asked.Count > 0)
            {
                break;
            }
        }
        return List(request, asked, StatusCodes.Status201Created);
    }

    /// <summary><c>{"subscribers": ["id", …]}</c> or <c>{"subscribers": "all", "type": …, "state": …}</c>; unknown ids are passed over.</summary>
    private static async Task<List<Subscriber>> ManyAsync(ManageRequest request, System.Linq.Expressions.Expression<Func<Subscriber, bool>> who)
    {
        var body = await Body.ReadAsync(request.Request, "subscribers_of", request.Cancel, mayBeBare: true);
        var page = (await request.PageAsync()).Id;
        var found = request.Writer.Db.Subscribers.Where(row => row.PageId == page && row.Channel != Channel.WebPush).Where(who);
        if (body.IsText("subscribers") && body.Text("subscribers") == "all")
        {
            if (body.Text("type") is { Length: > 0 } type)
                found =
                    Types.TryGetValue(type, out var channel) ? found.Where(row => row.Channel == channel)
                    : TypesShape.All.Contains(type) ? found.Where(_ => false)
                    : throw body.Wrong("type", $"one of {string.Join(", ", TypesShape.All)}");
            if (body.Text("state") is { Length: > 0 } named)
            {
                if (!States.TryGetValue(named, out var state))
                    throw body.Wrong("state", $"one of {string.Join(", ", States.Keys)}");
                if (state is not null)
                    found = found.Where(row => row.State == state);
            }
        }
        else
        {
            // Statuspage's document types the field as a text, so clients that were made of it send one id, or several with commas.
            var given = body.IsText("subscribers")
                ? body.Text("subscribers")!.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)
                : body.Texts("subscribers");
            if (given is null || body.IsText("subscribers") && !given.All(PublicId.LooksLikeOne))
                throw body.Wrong("subscribers", "an array of ids, or \"all\"");
            var ids = given.Where(PublicId.LooksLikeOne).Select(SubscriberId.Of).ToList();
            found = found.Where(row => ids.Contains(row.Id));
        }
        return await found.OrderBy(row => row.Id).ToListAsync(request.Cancel);
    }

    private static async Task<IncidentId> IncidentAsync(ManageRequest request, string id) =>
        await request.Incidents.FindAsync((await request.PageAsync()).Id, id, request.Cancel) is { IsPublic: true } incident
            ? incident.Id
            : throw ManageApi.NotFound("incident", id);

    private static async Task<Subscriber> FollowerAsync(ManageRequest request, SubscriptionDesk desk, string incident, string id)
    {
        var followed = await IncidentAsync(request, incident);
        return await FindAsync(request, desk, id) is var subscriber && subscriber.IncidentIds.Contains(followed)
            ? subscriber
            : throw ManageApi.NotFound("subscriber", id);
    }

    /// <summary>A subscriber who wants nothing else is forgotten.</summary>
    private static async Task<IResult> UnfollowAsync(string incident_id, string subscriber_id, ManageRequest request, SubscriptionDesk desk)
    {
        var subscriber = await FollowerAsync(request, desk, incident_id, subscriber_id);
        var left = subscriber.IncidentIds.Where(id => id.Value != incident_id).ToList();
        if (left.Count == 0 && subscriber.ComponentIds.Count == 0)
            await desk.RemoveAsync(subscriber.PageId, subscriber.Id, request.Actor, request.Cancel);
        else
            await desk.ChooseAsync(subscriber, subscriber.ComponentIds, left, request.Actor, request.Cancel);
        return One(request, 200, subscriber);
    }

    private static async Task<IReadOnlyList<ComponentId>> ComponentsAsync(ManageRequest request, SubscriptionDesk desk, Body body)
    {
        var wanted = body.Texts("component_ids") ?? [];
        if (wanted.Count == 0)
            return [];
        var known = (await desk.ComponentsAsync((await request.PageAsync()).Id, request.Cancel)).Select(row => row.Id).ToHashSet();
        return
        [
            .. wanted.Select(id =>
                known.Contains(ComponentId.Of(id))
                    ? ComponentId.Of(id)
                    : throw new ApiException(
                        StatusCodes.Status422UnprocessableEntity,
                        $"subscriber.component_ids: there is no component '{id}' on this page."
                    )
            ),
        ];
    }

    private static string OneOf(ManageRequest request, string name, params string[] allowed)
    {
        var value = request.Request.Query[name].ToString();
        if (value.Length == 0)
            return allowed[0];
        return allowed.Contains(value)
            ? value
            : throw new ApiException(StatusCodes.Status400BadRequest, $"'{name}' must be one of {string.Join(", ", allowed)}.");
    }

    private static async Task<Subscriber> FindAsync(ManageRequest request, SubscriptionDesk desk, string id, bool evenEnded = false) =>
        await desk.FindAsync((await request.PageAsync()).Id, id, request.Cancel) is { Channel: not Channel.WebPush } subscriber
        && (evenEnded || subscriber.State != SubscriptionState.Ended)
            ? subscriber
            : throw ManageApi.NotFound("subscriber", id);

    /// <param name="linkKey">Given where the creator of a webhook is to learn how its requests are signed.</param>
    private static JsonBytes One(ManageRequest request, int status, Subscriber subscriber, byte[]? linkKey = null) =>
        ManageApi.Json(
            status,
            Shape(subscriber, request) with
            {
                SigningSecret = linkKey is not null && subscriber.IsProgram ? WebhookSecret.For(subscriber.Id, linkKey) : null,
            }
        );

    private static JsonBytes List(ManageRequest request, IReadOnlyList<Subscriber> rows, int status = StatusCodes.Status200OK) =>
        ManageApi.Json<IReadOnlyList<SubscriberShape>>(status, [.. rows.Select(row => Shape(row, request))]);

    /// <summary>An unconfirmed subscriber waits for the answer to that very notification, so none is ever skipped.</summary>
    private static SubscriberShape Shape(Subscriber subscriber, ManageRequest request) =>
        new(
            subscriber.Id.Value,
            subscriber.PageId.Value,
            false,
            subscriber.Channel.Code(),
            subscriber.Email,
            request.MayPublish ? subscriber.Endpoint : subscriber.MaskedEndpoint,
            null,
            null,
            null,
            null,
            null,
            subscriber.State == SubscriptionState.Suppressed ? subscriber.EndedAt : null,
            null,
            [.. subscriber.ComponentIds.Select(id => id.Value)],
            null,
            subscriber.CreatedAt,
            [.. subscriber.IncidentIds.Select(id => id.Value)]
        );
}
