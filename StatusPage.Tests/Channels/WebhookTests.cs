using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Host;
using StatusPage.Tests.Postmortems;
using StatusPage.Web.Channels;

namespace StatusPage.Tests.Channels;

/// <summary>Subscribers' own endpoints get Statuspage's payload, signed.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    private Services _all = null!;

    public async ValueTask InitializeAsync() => _all = await Services.StartAsync();

    public ValueTask DisposeAsync() => _all.DisposeAsync();

    private async Task<Subscriber> SubscribeAsync(string path = "/hook", params ComponentId[] components)
    {
        var subscriber = Subscriber.ByWebhook((await _all.App.PageAsync()).Id, _all.Sink.Url + path, "ann@example.com", DateTimeOffset.UtcNow);
        subscriber.Choose(components);
        subscriber.Confirm(DateTimeOffset.UtcNow);
        await _all.App.InStoreAsync(async db =>
        {
            db.Subscribers.Add(subscriber);
            return await db.SaveChangesAsync();
        });
        return subscriber;
    }

    [Fact]
    public async Task An_update_has_every_key_that_receivers_of_Statuspage_know()
    {
        await SubscribeAsync();
        var component = await _all.App.ComponentAsync();
        var incident = await _all.Api.OpenIncidentAsync(
            new
            {
                name = "Elevated error rates",
                body = "We are investigating.",
                severity = "SEV2",
                impact_summary = "~15% of requests failing",
                components = new Dictionary<string, string> { [component.Id.Value] = "partial_outage" },
            }
        );
        var body = Assert.Single(await _all.Sink.WaitAsync("/hook")).Json;
        Keys(body, "meta", "page", "incident");
        Keys(body.GetProperty("meta"), "unsubscribe", "documentation", "generated_at");
        Keys(body.GetProperty("page"), "id", "status_indicator", "status_description");
        Assert.Equal(
            ("major", "Partial System Outage"),
            (body.GetProperty("page").GetProperty("status_indicator").GetString(), body.GetProperty("page").GetProperty("status_description").GetString())
        );
        var told = body.GetProperty("incident");
        Keys(
            told,
            "name",
            "status",
            "created_at",
            "updated_at",
            "monitoring_at",
            "resolved_at",
            "impact",
            "shortlink",
            "postmortem_ignored",
            "postmortem_body",
            "postmortem_body_last_updated_at",
            "postmortem_published_at",
            "postmortem_notified_subscribers",
            "postmortem_notified_twitter",
            "backfilled",
            "scheduled_for",
            "scheduled_until",
            "scheduled_remind_prior",
            "scheduled_reminded_at",
            "impact_override",
            "scheduled_auto_in_progress",
            "scheduled_auto_completed",
            "id",
            "page_id",
            "incident_updates",
            "components",
            "severity",
            "impact_summary",
            "team_status",
            "next_update_at"
        );
        Assert.Equal(
            (incident.Id, "major", "SEV2"),
            (told.GetProperty("id").GetString()!, told.GetProperty("impact").GetString(), told.GetProperty("severity").GetString())
        );
        var update = told.GetProperty("incident_updates")[0];
        Keys(
            update,
            "status",
            "body",
            "created_at",
            "wants_twitter_update",
            "twitter_updated_at",
            "updated_at",
            "display_at",
            "affected_components",
            "custom_tweet",
            "deliver_notifications",
            "id",
            "incident_id",
            "impact_summary",
            "team_status",
            "next_update_at"
        );
        Keys(update.GetProperty("affected_components")[0], "code", "name", "old_status", "new_status");
        Keys(
            told.GetProperty("components")[0],
            "status",
            "name",
            "created_at",
            "updated_at",
            "position",
            "description",
            "showcase",
            "id",
            "page_id",
            "group_id"
        );
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", body.GetProperty("meta").GetProperty("generated_at").GetString());
    }

    private static void Keys(JsonElement json, params string[] keys)
    {
        var there = json.EnumerateObject().Select(property => property.Name).ToList();
        Assert.Empty(keys.Except(there));
        Assert.Equal(there.Count, there.Distinct().Count());
    }

    /// <summary>Of what the team wrote, the endpoint gets the chosen paragraphs and nothing else.</summary>
    [Fact]
    public async Task A_postmortem_is_told_with_its_public_paragraphs_alone()
    {
        await SubscribeAsync();
        var id = await _all.Api.OverAsync();
        await _all.Owner.FillInAsync($"/admin/incidents/{id}", new { Note = "Vesuvius smokes." }, "form[action*=Note]");
        await _all.App.ItemAsync(id, "Replace Vesuvius", "Alice");
        await _all.Owner.BeginPostmortemAsync(id);
        await _all.Owner.WritePostmortemAsync(id, "Root Cause", "An index was missing.\n\nVesuvius was full.");
        var before = _all.Sink.At("/hook").Count;
        await _all.Owner.PublishPostmortemAsync(id, tells: true, "index was missing");
        await Eventually.TrueAsync("the postmortem is told", () => _all.Sink.At("/hook").Any(request => IsOfPostmortem(request.Json)));
        var told = Assert.Single(_all.Sink.At("/hook"), request => IsOfPostmortem(request.Json));
        var incident = told.Json.GetProperty("incident");
        Assert.Equal("## Root Cause\n\nAn index was missing.", incident.GetProperty("postmortem_body").GetString());
        Assert.True(incident.GetProperty("postmortem_notified_subscribers").GetBoolean());
        Assert.NotEqual(JsonValueKind.Null, incident.GetProperty("postmortem_published_at").ValueKind);
        foreach (var request in _all.Sink.Received.Skip(before))
        foreach (var secret in new[] { "Vesuvius", "Alice" })
            Assert.DoesNotContain(secret, request.Text, StringComparison.Ordinal);

        static bool IsOfPostmortem(JsonElement body) => body.GetProperty("incident").GetProperty("status").GetString() == "postmortem";
    }

    [Fact]
    public async Task What_one_endpoint_asks_for_binds_no_other_on_its_host()
    {
        await SubscribeAsync("/busy");
        await SubscribeAsync("/hook");
        _all.Sink.Next("/busy", new SinkAnswer(429, "", ("Retry-After", "3600")));
        await _all.Api.OpenIncidentAsync(new { name = "First", body = "First." });
        await _all.Sink.WaitAsync("/busy");
        await _all.Sink.WaitAsync("/hook");
        await _all.Api.OpenIncidentAsync(new { name = "Second", body = "Second." });
        await Eventually.TrueAsync("the other endpoint hears of the second", async () => (await _all.Sink.WaitAsync("/hook", 2)).Count == 2);
        var waiting = await Eventually.GetAsync(
            "the busy one waits",
            async () =>
                await _all.App.InStoreAsync(db =>
                    db.Deliveries.AsNoTracking()
                        .OrderByDescending(row => row.Id)
                        .FirstOrDefaultAsync(row => row.LastError != null && row.LastError.Contains("left alone"))
                )
        );
        Assert.True(waiting.NextAttemptAt > DateTimeOffset.UtcNow.AddMinutes(50));
    }

    [Fact]
    public async Task The_newest_update_comes_first()
    {
        await SubscribeAsync();
        var incident = await _all.Api.OpenIncidentAsync();
        await _all.Sink.WaitAsync("/hook");
        await _all.Api.PatchAsync($"incidents/{incident.Id}", new { incident = new { status = "resolved", body = "Rolled back." } });
        var told = (await _all.Sink.WaitAsync("/hook", 2))[1].Json.GetProperty("incident");
        Assert.Equal("resolved", told.GetProperty("status").GetString());
        Assert.Equal(
            ["Rolled back.", "We are investigating."],
            told.GetProperty("incident_updates").EnumerateArray().Select(update => update.GetProperty("body").GetString())
        );
    }

    [Fact]
    public async Task A_change_of_a_component_is_told_too()
    {
        var component = await _all.App.ComponentAsync();
        await SubscribeAsync("/hook", component.Id);
        await _all.Api.PatchAsync($"components/{component.Id}", new { component = new { status = "major_outage" } });
        var body = Assert.Single(await _all.Sink.WaitAsync("/hook")).Json;
        Keys(body, "meta", "page", "component_update", "component");
        var change = body.GetProperty("component_update");
        Keys(change, "old_status", "new_status", "created_at", "component_type", "id", "component_id");
        Assert.Equal(
            ("operational", "major_outage", "Component", component.Id.Value),
            (
                change.GetProperty("old_status").GetString(),
                change.GetProperty("new_status").GetString(),
                change.GetProperty("component_type").GetString(),
                change.GetProperty("component_id").GetString()!
            )
        );
        Assert.Equal("major_outage", body.GetProperty("component").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Each_subscriber_gets_a_signature_and_a_link_of_its_own()
    {
        var (one, other) = (await SubscribeAsync("/one"), await SubscribeAsync("/other"));
        await _all.Api.OpenIncidentAsync();
        var key = (await _all.App.PageAsync()).LinkKey;
        foreach (var (subscriber, path) in new[] { (one, "/one"), (other, "/other") })
        {
            var request = Assert.Single(await _all.Sink.WaitAsync(path));
            var parts = request.Header("StatusPage-Signature")!.Split(',').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
            var secret = Encoding.UTF8.GetBytes(WebhookSecret.For(subscriber.Id, key));
            Assert.Equal(Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{parts["t"]}.{request.Text}"))), parts["v1"]);
            Assert.Equal(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), long.Parse(parts["t"], CultureInfo.InvariantCulture), tolerance: 60.0);
            Assert.StartsWith("StatusPage", request.Header("User-Agent"), StringComparison.Ordinal);
            Assert.EndsWith($".{subscriber.Id}", request.Header("StatusPage-Delivery"), StringComparison.Ordinal);
            var link = new Uri(request.Json.GetProperty("meta").GetProperty("unsubscribe").GetString()!);
            await _all.App.Http.PostAsync(link.PathAndQuery, null);
            Assert.Equal(
                SubscriptionState.Ended,
                await _all.App.InStoreAsync(db => db.Subscribers.Where(row => row.Id == subscriber.Id).Select(row => row.State).FirstAsync())
            );
        }
    }

    [Fact]
    public async Task A_second_attempt_is_recognisable()
    {
        await SubscribeAsync();
        _all.Sink.Next("/hook", new SinkAnswer(500), new SinkAnswer(302, "", ("Location", "/elsewhere")));
        await _all.Api.OpenIncidentAsync();
        await _all.DeliveryAsync(Channel.Webhook, "the first attempt failed", row => row is { State: DeliveryState.Queued, Attempts: 1 });
        await _all.HastenAsync();
        await _all.DeliveryAsync(Channel.Webhook, "the second was led elsewhere", row => row is { State: DeliveryState.Queued, Attempts: 2 });
        await _all.HastenAsync();
        await _all.DeliveryAsync(Channel.Webhook, "it is sent", row => row.State == DeliveryState.Sent);
        Assert.Single(_all.Sink.At("/hook").Select(request => request.Header("StatusPage-Delivery")).Distinct());
        Assert.Empty(_all.Sink.At("/elsewhere"));
    }

    [Fact]
    public async Task An_endpoint_that_is_gone_ends_its_subscription()
    {
        var subscriber = await SubscribeAsync();
        _all.Sink.Next("/hook", new SinkAnswer(410));
        await _all.Api.OpenIncidentAsync();
        await Eventually.TrueAsync(
            "the subscription is suppressed",
            async () =>
                await _all.App.InStoreAsync(db => db.Subscribers.Where(row => row.Id == subscriber.Id).Select(row => row.State).FirstAsync())
                == SubscriptionState.Suppressed
        );
    }

    [Fact]
    public async Task An_incident_that_was_deleted_meanwhile_is_not_told()
    {
        await SubscribeAsync();
        _all.Sink.Next("/hook", new SinkAnswer(500));
        var incident = await _all.Api.OpenIncidentAsync();
        await _all.DeliveryAsync(Channel.Webhook, "it waits", row => row is { State: DeliveryState.Queued, Attempts: 1 });
        await SubscribeAsync("/other");
        using var owner = await _all.App.ApiAsync(Domain.Accounts.Role.Owner);
        (await owner.DeleteAsync($"incidents/{incident.Id}")).Expect(System.Net.HttpStatusCode.OK);
        await _all.HastenAsync();
        await _all.DeliveryAsync(Channel.Webhook, "it is not sent", row => row.State == DeliveryState.Suppressed);
        Assert.Single(_all.Sink.At("/hook"));
    }
}

/// <summary>Endpoints that strangers name.</summary>
public sealed class WebhookRefusalTests
{
    [Fact]
    public async Task An_endpoint_inside_is_never_called()
    {
        await using var app = await AppHost.StartAsync();
        await using var inside = await HttpSink.StartAsync();
        using var api = await app.ApiAsync();
        var subscriber = Subscriber.ByWebhook((await app.PageAsync()).Id, $"{inside.Url}/secret-path", "ann@example.com", DateTimeOffset.UtcNow);
        subscriber.Confirm(DateTimeOffset.UtcNow);
        await app.InStoreAsync(async db =>
        {
            db.Subscribers.Add(subscriber);
            return await db.SaveChangesAsync();
        });
        await api.OpenIncidentAsync();
        var row = await Eventually.GetAsync(
            "it is given up",
            () => app.InStoreAsync(db => db.Deliveries.AsNoTracking().FirstOrDefaultAsync(row => row.State == DeliveryState.Failed))
        );
        Assert.StartsWith("127.0.0.1 is not a public address, so nothing is sent there.", row.LastError, StringComparison.Ordinal);
        Assert.Empty(inside.Received);
    }
}
