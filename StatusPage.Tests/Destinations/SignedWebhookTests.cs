using System.Text;
using StatusPage.Domain.Destinations;
using StatusPage.Tests.Host;
using StatusPage.Web.Destinations.Clients;

namespace StatusPage.Tests.Destinations;

/// <summary>Everything else, by one signed webhook.</summary>
public sealed class SignedWebhookTests : IAsyncLifetime
{
    private const string Secret = "whsec_" + "c3RhdHVzcGFnZS10ZXN0LXNlY3JldC0yNA==";

    private HttpSink _sink = null!;

    public async ValueTask InitializeAsync() => _sink = await HttpSink.StartAsync();

    public ValueTask DisposeAsync() => _sink.DisposeAsync();

    /// <summary>The vector that receivers are given.</summary>
    [Fact]
    public void The_signature_is_that_of_standard_webhooks() =>
        Assert.Equal(
            "v1,pYYLKlSvY1hlYjUNd9SX6nZG/q1rjFDn+0rjcxicTw8=",
            SignedWebhook.Sign([Secret], "msg_pm42_r3", 1700000000, Encoding.UTF8.GetBytes("""{"type":"postmortem.published"}"""))
        );

    [Fact]
    public async Task A_postmortem_is_told_signed_and_its_link_is_kept()
    {
        _sink.Always("/in", _ => new(201, """{"url":"https://jira.acme.test/browse/PM-1"}"""));
        var trial = Trial.Webhook($"{_sink.Url}/in?key=1", secret: Secret);
        trial.Document = trial.Document! with { ActionItems = [Trial.ItemOf("Add a retry budget", "ana", new(2026, 12, 1))] };
        await trial.SettleAsync();
        var request = Assert.Single(_sink.At("/in"));
        Assert.Equal("application/json", request.Header("Content-Type"));
        Assert.Equal(SignedWebhook.Sign([Secret], trial.EventId, Trial.Start.ToUnixTimeSeconds(), request.Body), request.Header("webhook-signature"));
        Assert.Equal((trial.EventId, $"{Trial.Start.ToUnixTimeSeconds()}"), (request.Header("webhook-id"), request.Header("webhook-timestamp")));
        Assert.Equal(
            ("postmortem.published", "2026-11-25T10:00:00Z"),
            (request.Json.GetProperty("type").GetString(), request.Json.GetProperty("timestamp").GetString())
        );
        var data = request.Json.GetProperty("data");
        Assert.Equal(
            ["id", "revision", "url", "title", "incident", "impact", "root_cause", "timeline", "action_items", "markdown"],
            data.EnumerateObject().Select(property => property.Name)
        );
        Assert.Equal((trial.Ref.ToString(), Trial.Template), (data.GetProperty("id").GetString(), data.GetProperty("markdown").GetString()));
        Assert.Equal("""{"users_affected":1200,"duration_minutes":90,"revenue":null}""", data.GetProperty("impact").GetRawText());
        Assert.Equal("SEV2", data.GetProperty("incident").GetProperty("severity").GetString());
        Assert.EndsWith(
            ""","title":"Add a retry budget","owner":"ana","due":"2026-12-01","state":"open","url":null}""",
            data.GetProperty("action_items")[0].GetRawText(),
            StringComparison.Ordinal
        );
        Assert.Equal((LinkState.Linked, "https://jira.acme.test/browse/PM-1"), (trial.Link.State, trial.Link.Url));
        trial.AskAgain();
        await trial.SettleAsync();
        Assert.Equal("postmortem.revised", _sink.At("/in")[1].Json.GetProperty("type").GetString());
        Assert.NotEqual(request.Header("webhook-id"), _sink.At("/in")[1].Header("webhook-id"));
    }

    [Fact]
    public async Task A_second_attempt_has_the_id_of_the_first_and_an_item_is_told()
    {
        _sink.Next("/in", SinkAnswer.Cut, new(500), new(429, "", ("Retry-After", "120")), new(404));
        var trial = Trial.Webhook($"{_sink.Url}/in", isItem: true);
        await trial.SettleAsync();
        Assert.Equal(5, _sink.At("/in").Count);
        Assert.Single(_sink.At("/in").Select(request => request.Header("webhook-id")).Distinct());
        Assert.Equal("action_item.changed", _sink.At("/in")[4].Json.GetProperty("type").GetString());
        Assert.Equal(LinkState.Linked, trial.Link.State);
    }

    /// <summary>A receiver that drops what it knows by its id must not drop the newer state.</summary>
    [Fact]
    public async Task What_changed_before_a_second_attempt_has_another_id_and_the_rest_has_the_same()
    {
        _sink.Next("/in", SinkAnswer.Cut, SinkAnswer.Cut);
        var trial = Trial.Webhook($"{_sink.Url}/in", isItem: true);
        await trial.AttemptAsync();
        trial.Time.Advance(TimeSpan.FromMinutes(5));
        await trial.AttemptAsync();
        trial.Item!.MoveTo(Domain.Postmortems.ActionItemState.Done, trial.Time.GetUtcNow());
        await trial.SettleAsync();
        var ids = _sink.At("/in").Select(request => request.Header("webhook-id")).ToList();
        Assert.Equal(3, ids.Count);
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[1], ids[2]);
        Assert.Equal("done", _sink.At("/in")[2].Json.GetProperty("data").GetProperty("state").GetString());
    }

    [Fact]
    public async Task Another_receiver_is_told_of_a_postmortem_as_published_and_a_new_key_in_the_address_is_no_other()
    {
        var trial = Trial.Webhook($"{_sink.Url}/in?key=1");
        await trial.SettleAsync();
        foreach (var path in new[] { "/in?key=2", "/elsewhere" })
        {
            trial.To = trial.To with { BaseUrl = _sink.Url + path };
            trial.AskAgain();
            await trial.SettleAsync();
        }
        Assert.Equal(
            ["postmortem.published", "postmortem.revised", "postmortem.published"],
            _sink.Received.Select(request => request.Json.GetProperty("type").GetString())
        );
    }

    [Fact]
    public async Task Gone_turns_it_off()
    {
        _sink.Always("/in", _ => new(410));
        var trial = Trial.Webhook($"{_sink.Url}/in");
        Assert.True(Assert.IsType<Remote.Refused>(await trial.AttemptAsync()).TurnsOff);
        Assert.Equal(LinkState.Stopped, trial.Link.State);
    }

    [Fact]
    public void A_secret_that_was_replaced_signs_beside_the_new_one_for_a_day()
    {
        var before = new Dictionary<string, string> { ["secret"] = Secret };
        var (settings, made) = Web.Destinations.DestinationSecrets.Complete(
            DestinationKind.Webhook,
            CheckedSettings.Of(
                DestinationKind.Webhook,
                _sink.Url,
                new Dictionary<string, string?> { ["secret"] = Web.Destinations.DestinationSecrets.NewSecret() },
                before
            ),
            before,
            Trial.Start
        );
        var open = new DestinationInUse("x", DestinationKind.Webhook, _sink.Url, new Dictionary<string, string>(), settings.Secrets);
        Assert.Null(made);
        Assert.Equal(2, open.SigningSecrets(Trial.Start.AddHours(23)).Count);
        Assert.Equal(settings.Secrets["secret"], Assert.Single(open.SigningSecrets(Trial.Start.AddHours(25))));
        Assert.Equal(2, SignedWebhook.Sign(open.SigningSecrets(Trial.Start), "m", 1, []).Split(' ').Length);
    }
}
