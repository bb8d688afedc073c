using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.StatusApi;

/// <summary>Subscribers through /v1, as Statuspage's clients know them.</summary>
public sealed class SubscriberApiTests : IAsyncLifetime
{
    private readonly MailServer _mail = new();
    private AppHost _app = null!;
    private HttpSink _sink = null!;
    private ApiClient _api = null!;

    public async ValueTask InitializeAsync()
    {
        _sink = await HttpSink.StartAsync();
        _app = await AppHost.StartBesideAsync("--Email:Smtp", _mail.Url, "--Outbound:Allow", "127.0.0.2/32,127.0.0.1/32");
        _api = await _app.ApiAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _sink.DisposeAsync();
        await _mail.DisposeAsync();
    }

    private async Task<ApiAnswer> AddAsync(string email, bool skip = true, params string[] components) =>
        (
            await _api.PostAsync(
                "subscribers",
                new
                {
                    subscriber = new
                    {
                        email,
                        skip_confirmation_notification = skip,
                        component_ids = components,
                    },
                }
            )
        ).Expect(HttpStatusCode.Created);

    private async Task<string> ListAsync(string query) =>
        string.Join(
            ' ',
            (await _api.GetAsync($"subscribers?{query}"))
                .Expect(HttpStatusCode.OK)
                .Json.EnumerateArray()
                .Select(row => (row.GetProperty("email").GetString() ?? "").Split('@')[0])
        );

    private Task<SubscriptionState> StateAsync(string id) =>
        _app.InStoreAsync(async db => (await db.Subscribers.ToListAsync()).Single(row => row.Id.Value == id).State);

    [Fact]
    public async Task A_subscriber_has_the_fields_of_statuspage()
    {
        var component = await _app.ComponentAsync();
        var made = await AddAsync("ann@customer.example", true, component.Id.Value);
        Assert.Equal(
            [
                "id",
                "page_id",
                "skip_confirmation_notification",
                "mode",
                "email",
                "endpoint",
                "phone_number",
                "phone_country",
                "display_phone_number",
                "obfuscated_channel_name",
                "workspace_name",
                "quarantined_at",
                "purge_at",
                "components",
                "page_access_user_id",
                "created_at",
                "incident_ids",
            ],
            made.Json.EnumerateObject().Select(field => field.Name)
        );
        Assert.Equal(("email", "ann@customer.example"), (made.Text("mode"), made.Text("email")));
        Assert.Equal(component.Id.Value, made.Json.GetProperty("components")[0].GetString());
        Assert.Equal(SubscriptionState.Confirmed, await StateAsync(made.Id));
        Assert.Equal(made.Json.ToString(), (await _api.GetAsync($"subscribers/{made.Id}")).Json.ToString());
    }

    [Fact]
    public async Task Without_skipping_it_the_owner_of_the_address_is_asked()
    {
        using var responder = await _app.ApiAsync(Role.Responder);
        var made = (await responder.PostAsync("subscribers", new { subscriber = new { email = "ann@customer.example" } })).Expect(HttpStatusCode.Created);
        Assert.Equal(SubscriptionState.Pending, await StateAsync(made.Id));
        await _mail.WaitForAsync(mail => mail.Message.Subject!.StartsWith("Confirm", StringComparison.Ordinal));
        (
            await responder.PostAsync("subscribers", new { subscriber = new { email = "ben@customer.example", skip_confirmation_notification = true } })
        ).ExpectError(HttpStatusCode.Forbidden);
        using var auditor = await _app.ApiAsync(Role.Auditor);
        (await auditor.PostAsync("subscribers", new { subscriber = new { email = "ben@customer.example" } })).ExpectError(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task With_an_endpoint_it_is_a_webhook()
    {
        var made = (
            await _api.PostAsync(
                "subscribers",
                new
                {
                    subscriber = new
                    {
                        email = "dev@customer.example",
                        endpoint = $"{_sink.Url}/x",
                        skip_confirmation_notification = true,
                    },
                }
            )
        ).Expect(HttpStatusCode.Created);
        Assert.Equal(("webhook", $"{_sink.Url}/x", "dev@customer.example"), (made.Text("mode"), made.Text("endpoint"), made.Text("email")));
        // The secret is shown once, to the caller who made the subscriber.
        Assert.Equal(Web.Channels.WebhookSecret.For(SubscriberId.Of(made.Id), (await _app.PageAsync()).LinkKey), made.Text("signing_secret"));
        Assert.False((await _api.GetAsync($"subscribers/{made.Id}")).Json.TryGetProperty("signing_secret", out _));
        foreach (var address in new[] { "https://10.0.0.1/x", "https://192.168.0.1/x", "https://[::1]/x", "http://203.0.113.7/x" })
            (await _api.PostAsync("subscribers", new { subscriber = new { email = "dev@customer.example", endpoint = address } })).ExpectError(
                HttpStatusCode.UnprocessableEntity
            );
    }

    [Fact]
    public async Task The_list_is_filtered_sorted_and_paged()
    {
        foreach (var name in new[] { "cid", "ann", "ben" })
            await AddAsync($"{name}@customer.example");
        await AddAsync("new@customer.example", skip: false);
        Assert.Equal("ann ben cid", await ListAsync(""));
        Assert.Equal("ben ann cid", await ListAsync("sort_field=created_at&sort_direction=desc"));
        Assert.Equal(
            ("ann ben", "ann ben", "cid", ""),
            (await ListAsync("limit=2&page=0"), await ListAsync("per_page=2&page=1"), await ListAsync("limit=2&page=2"), await ListAsync("limit=2&page=3"))
        );
        Assert.Equal("new", await ListAsync("state=unconfirmed"));
        Assert.Equal("ann ben cid new", await ListAsync("state=all"));
        Assert.Equal("ben", await ListAsync("q=BEN"));
        Assert.Equal("", await ListAsync("type=sms"));
        (await _api.GetAsync("subscribers?state=nonsense")).ExpectError(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Choices_are_changed_by_a_patch_and_a_delete_forgets_it()
    {
        var component = await _app.ComponentAsync();
        var id = (await AddAsync("ann@customer.example")).Id;
        foreach (
            var body in new object[]
            {
                new { component_ids = new[] { component.Id.Value } },
                new { subscriber = new { component_ids = new[] { component.Id.Value } } },
            }
        )
            Assert.Equal(1, (await _api.PatchAsync($"subscribers/{id}", body)).Expect(HttpStatusCode.OK).Json.GetProperty("components").GetArrayLength());
        (await _api.PatchAsync($"subscribers/{id}", new { component_ids = new[] { "nonsense" } })).ExpectError(HttpStatusCode.UnprocessableEntity);
        (await _api.PatchAsync($"subscribers/{id}", new { email = "other@customer.example" })).ExpectError(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(id, (await _api.DeleteAsync($"subscribers/{id}")).Expect(HttpStatusCode.OK).Id);
        (await _api.PatchAsync($"subscribers/{id}", new { email = "other@customer.example" })).ExpectError(HttpStatusCode.NotFound);
        (await _api.GetAsync($"subscribers/{id}")).ExpectError(HttpStatusCode.NotFound);
        Assert.Equal("", await ListAsync("state=all"));
        // The page's own team can add a subscriber again whom it removed.
        await AddAsync("ann@customer.example");
        Assert.Equal("ann", await ListAsync("state=all"));
    }

    [Fact]
    public async Task Counts_are_by_type_and_state()
    {
        await AddAsync("ann@customer.example");
        await AddAsync("ben@customer.example", skip: false);
        await _api.DeleteAsync($"subscribers/{(await AddAsync("gone@customer.example")).Id}");
        await _api.PostAsync("subscribers", new { subscriber = new { endpoint = $"{_sink.Url}/x" } });
        foreach (
            var (query, email, webhook) in new[]
            {
                ("", 1, 1),
                ("?state=all", 2, 1),
                ("?state=unconfirmed", 1, 0),
                ("?type=webhook", 0, 1),
                ("?type=email&state=quarantined", 0, 0),
                ("?type=slack", 0, 0),
            }
        )
            Assert.Equal(
                $$"""{"email":{{email}},"sms":0,"webhook":{{webhook}},"integration_partner":0,"slack":0,"teams":0}""",
                JsonSerializer.Serialize((await _api.GetAsync($"subscribers/count{query}")).Expect(HttpStatusCode.OK).Json)
            );
        var histogram = (await _api.GetAsync("subscribers/histogram_by_state")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("""{"active":1,"unconfirmed":1,"quarantined":0,"total":2}""", JsonSerializer.Serialize(histogram.GetProperty("email")));
        Assert.Equal(0, histogram.GetProperty("teams").GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_webhook_without_an_email_is_asked_itself_at_once()
    {
        var made = (await _api.PostAsync("subscribers", new { subscriber = new { endpoint = $"{_sink.Url}/alone" } })).Expect(HttpStatusCode.Created);
        Assert.Equal((null, SubscriptionState.Confirmed), (made.Text("email"), await StateAsync(made.Id)));
        Assert.Equal(_api.Page.Value, made.Text("page_id"));
        Assert.NotNull(made.Text("signing_secret"));
        // One that answers something else gets nothing, and leaves nothing behind.
        _sink.Always("/deaf", _ => new(200, "ok"));
        var refused = await _api.PostAsync("subscribers", new { subscriber = new { endpoint = $"{_sink.Url}/deaf" } });
        refused.ExpectError(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("challenge", refused.Text("message"), StringComparison.Ordinal);
        Assert.Equal(1, (await _api.GetAsync("subscribers?state=all")).Json.GetArrayLength());
        // Who may not publish could have any address called.
        using var responder = await _app.ApiAsync(Role.Responder);
        (await responder.PostAsync("subscribers", new { subscriber = new { endpoint = $"{_sink.Url}/other" } })).ExpectError(
            HttpStatusCode.UnprocessableEntity
        );
        Assert.Empty(_sink.At("/other"));
        // Nobody is there who could be asked by mail.
        await _app.InStoreAsync(async db =>
        {
            (await db.Subscribers.SingleAsync(row => row.Id == SubscriberId.Of(made.Id))).Suppress("410", DateTimeOffset.UtcNow);
            return await db.SaveChangesAsync();
        });
        (await _api.PostAsync($"subscribers/{made.Id}/resend_confirmation", new { })).ExpectError(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(
            0,
            (await _api.PostAsync("subscribers/reactivate", new { subscribers = "all" })).Expect(HttpStatusCode.Created).Json.GetArrayLength()
        );
    }

    [Fact]
    public async Task Who_is_there_already_or_suppressed_is_told_apart()
    {
        var id = (await AddAsync("ann@customer.example")).Id;
        (await _api.PostAsync("subscribers", new { subscriber = new { email = "ANN@customer.example" } })).ExpectError(HttpStatusCode.Conflict);
        await _app.InStoreAsync(async db =>
        {
            (await db.Subscribers.SingleAsync(row => row.PageId == _api.Page)).Suppress("550 no such mailbox", DateTimeOffset.UtcNow);
            return await db.SaveChangesAsync();
        });
        var refused = await _api.PostAsync(
            "subscribers",
            new { subscriber = new { email = "ann@customer.example", skip_confirmation_notification = true } }
        );
        refused.ExpectError(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("550 no such mailbox", refused.Text("message"), StringComparison.Ordinal);
        Assert.NotNull((await _api.GetAsync($"subscribers/{id}")).Text("quarantined_at"));
        (await _api.PostAsync($"subscribers/{id}/resend_confirmation", new { })).Expect(HttpStatusCode.Created);
        Assert.Equal(SubscriptionState.Pending, await StateAsync(id));
        await _mail.WaitForAsync(mail => mail.To == "ann@customer.example");
    }

    [Fact]
    public async Task Several_can_be_unsubscribed_at_once()
    {
        var ids = new[] { (await AddAsync("ann@customer.example")).Id, (await AddAsync("ben@customer.example")).Id };
        await AddAsync("cid@customer.example");
        Assert.Equal(
            2,
            (await _api.PostAsync("subscribers/unsubscribe", new { subscribers = ids.Append("nonsense") }))
                .Expect(HttpStatusCode.Created)
                .Json.GetArrayLength()
        );
        Assert.Equal("cid", await ListAsync("state=all"));
        Assert.Equal(2, await _app.InStoreAsync(db => db.Audit.CountAsync(entry => entry.Action == "subscriber.ended")));
    }

    [Theory]
    [InlineData("""{"subscriber":{}}""", 422)]
    [InlineData("""{"subscriber":{"email":"nonsense"}}""", 422)]
    [InlineData("""{"subscriber":{"endpoint":"https://x.example/"}}""", 422)]
    [InlineData("""{"subscriber":{"email":"a@b.example","phone_number":"1"}}""", 422)]
    [InlineData("""{"subscriber":{"email":"a@b.example","component_ids":["nonsense"]}}""", 422)]
    [InlineData("""{"email":"a@b.example"}""", 400)]
    public async Task What_cannot_be_used_is_answered_with_what_to_mend(string body, int status) =>
        (await _api.SendTextAsync(HttpMethod.Post, "subscribers", body)).ExpectError((HttpStatusCode)status);
}
