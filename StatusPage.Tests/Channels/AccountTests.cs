using System.Text;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Tests.Host;
using StatusPage.Tests.Readers;

namespace StatusPage.Tests.Channels;

/// <summary>An incident posted by the API arrives at every account of the page, in the shape that the service asks for.</summary>
public sealed class AccountTests
{
    private const string Slack = "/slack/SECRETslackpath";
    private const string Create = "/xrpc/com.atproto.repo.createRecord";

    [Fact]
    public async Task Slack_gets_blocks()
    {
        await using var all = await Services.StartAsync(Channel.Slack);
        var incident = await all.OpenAsync();
        var message = Assert.Single(await all.Sink.WaitAsync(Slack)).Json;
        var blocks = message.GetProperty("blocks").EnumerateArray().ToList();
        Assert.Equal(["header", "section", "section", "context", "actions"], blocks.Select(block => block.GetProperty("type").GetString()));
        Assert.Equal("[Investigating] Elevated <error> rates & more", blocks[0].GetProperty("text").GetProperty("text").GetString());
        Assert.Equal("We are investigating elevated error rates on our API.", blocks[1].GetProperty("text").GetProperty("text").GetString());
        var facts = blocks[2].GetProperty("fields").EnumerateArray().Select(field => field.GetProperty("text").GetString()!).ToList();
        Assert.Equal(["*Impact*\n~15% of requests failing", "*Team*\nWorking on identifying root cause"], facts.Take(2));
        Assert.Matches(@"^\*Next update by\*\n(\w+ \d+, )?\d+:\d\d [AP]M P[SD]T$", facts[2]);
        Assert.EndsWith($"/incidents/{incident.Id}", blocks[4].GetProperty("elements")[0].GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("[Investigating] Elevated &lt;error&gt; rates &amp; more", message.GetProperty("text").GetString(), StringComparison.Ordinal);
        await all.DeliveryAsync(Channel.Slack, "it is sent", row => row.State == DeliveryState.Sent);
        Assert.NotNull((await all.AccountAsync(Channel.Slack)).LastSentAt);
    }

    [Fact]
    public async Task Teams_gets_a_card()
    {
        await using var all = await Services.StartAsync(Channel.Teams);
        await all.OpenAsync();
        var attachment = Assert.Single(await all.Sink.WaitAsync("/teams/SECRETteamspath")).Json.GetProperty("attachments")[0];
        Assert.Equal("application/vnd.microsoft.card.adaptive", attachment.GetProperty("contentType").GetString());
        var card = attachment.GetProperty("content");
        Assert.Equal("AdaptiveCard", card.GetProperty("type").GetString());
        Assert.Equal(
            ["TextBlock", "TextBlock", "FactSet", "TextBlock"],
            card.GetProperty("body").EnumerateArray().Select(part => part.GetProperty("type").GetString())
        );
        Assert.Equal("Impact", card.GetProperty("body")[2].GetProperty("facts")[0].GetProperty("title").GetString());
        Assert.Equal("Action.OpenUrl", card.GetProperty("actions")[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task Discord_gets_an_embed_that_calls_nobody()
    {
        await using var all = await Services.StartAsync(Channel.Discord);
        await all.OpenAsync("@everyone **look**");
        var request = Assert.Single(await all.Sink.WaitAsync("/discord/SECRETdiscordpath"));
        Assert.EndsWith("?thread_id=1&wait=true", request.Path, StringComparison.Ordinal);
        Assert.Equal(0, request.Json.GetProperty("allowed_mentions").GetProperty("parse").GetArrayLength());
        var embed = request.Json.GetProperty("embeds")[0];
        Assert.Equal("@everyone **look**", embed.GetProperty("description").GetString());
        // A SEV2 counts as a partial outage where no component is worse.
        Assert.Equal(0xbd4d0e, embed.GetProperty("color").GetInt32());
        Assert.Equal(3, embed.GetProperty("fields").GetArrayLength());
        Assert.True(embed.GetProperty("timestamp").TryGetDateTimeOffset(out _));
        Assert.Equal("9001", (await all.DeliveryAsync(Channel.Discord, "it is sent", row => row.State == DeliveryState.Sent)).RemoteId);
    }

    [Fact]
    public async Task X_gets_signed_posts_in_one_thread()
    {
        await using var all = await Services.StartAsync(Channel.X);
        var incident = await all.OpenAsync();
        await all.Sink.WaitAsync("/2/tweets");
        await all.Api.PatchAsync($"incidents/{incident.Id}", new { incident = new { status = "identified", body = "A bad release." } });
        await all.Api.PatchAsync($"incidents/{incident.Id}", new { incident = new { status = "resolved", body = "Rolled back." } });
        var posts = await all.Sink.WaitAsync("/2/tweets", 3);
        foreach (var post in posts)
            Services.CheckOAuth(post, $"{all.Sink.Url}/2/tweets");
        Assert.Equal(["[Investigating]", "[Identified]", "[Resolved]"], posts.Select(post => post.Json.GetProperty("text").GetString()!.Split(' ')[0]));
        Assert.All(posts, post => Assert.InRange(WeightedText.OnX(post.Json.GetProperty("text").GetString()!), 1, 280));
        Assert.False(posts[0].Json.TryGetProperty("reply", out _));
        Assert.Equal(["1", "2"], posts.Skip(1).Select(post => post.Json.GetProperty("reply").GetProperty("in_reply_to_tweet_id").GetString()));
    }

    [Fact]
    public async Task A_post_that_arrived_though_its_answer_did_not_counts_as_sent()
    {
        await using var all = await Services.StartAsync(Channel.X);
        all.Sink.Next(
            "/2/tweets",
            new SinkAnswer(502),
            new SinkAnswer(403, """{"title":"Forbidden","detail":"You are not allowed to create a Tweet with duplicate content.","status":403}""")
        );
        await all.OpenAsync();
        await all.DeliveryAsync(Channel.X, "the first attempt failed", row => row is { State: DeliveryState.Queued, Attempts: 1 });
        await all.HastenAsync();
        await all.DeliveryAsync(Channel.X, "it counts as sent", row => row is { State: DeliveryState.Sent, Attempts: 2 });
    }

    [Fact]
    public async Task A_duplicate_at_the_first_attempt_is_a_failure()
    {
        await using var all = await Services.StartAsync(Channel.X);
        all.Sink.Next("/2/tweets", new SinkAnswer(403, """{"detail":"duplicate content"}"""));
        await all.OpenAsync();
        Assert.Contains(
            "duplicate content",
            (await all.DeliveryAsync(Channel.X, "it failed", row => row.State == DeliveryState.Failed)).LastError,
            StringComparison.Ordinal
        );
        Assert.Contains("403", (await all.AccountAsync(Channel.X)).Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mastodon_gets_posts_in_one_thread_each_under_a_key_that_stays()
    {
        await using var all = await Services.StartAsync(Channel.Mastodon);
        all.Sink.Next("/api/v1/statuses", new SinkAnswer(503, "", ("Retry-After", "600")));
        var incident = await all.OpenAsync();
        var waiting = await all.DeliveryAsync(Channel.Mastodon, "it waits", row => row is { State: DeliveryState.Queued, Attempts: 1 });
        Assert.Equal(600, (waiting.NextAttemptAt - DateTimeOffset.UtcNow).TotalSeconds, tolerance: 60);
        await all.HastenAsync();
        await all.DeliveryAsync(Channel.Mastodon, "it is sent", row => row.State == DeliveryState.Sent);
        await all.Api.PatchAsync($"incidents/{incident.Id}", new { incident = new { status = "resolved", body = "Rolled back." } });
        var posts = await all.Sink.WaitAsync("/api/v1/statuses", 3);
        Assert.All(posts, post => Assert.Equal("Bearer token-SECRET-5", post.Header("Authorization")));
        Assert.Equal(posts[0].Header("Idempotency-Key"), posts[1].Header("Idempotency-Key"));
        Assert.NotEqual(posts[0].Header("Idempotency-Key"), posts[2].Header("Idempotency-Key"));
        Assert.Equal("public", posts[0].Json.GetProperty("visibility").GetString());
        Assert.Equal(posts[1].Header("Idempotency-Key"), posts[2].Json.GetProperty("in_reply_to_id").GetString());
    }

    [Fact]
    public async Task Bluesky_gets_records_with_a_link_and_their_thread()
    {
        await using var all = await Services.StartAsync(Channel.Bluesky);
        var incident = await all.OpenAsync("Ünïcode — 日本語 before the link.");
        await all.Sink.WaitAsync(Create);
        await all.Api.PatchAsync($"incidents/{incident.Id}", new { incident = new { status = "identified", body = "A bad release." } });
        await all.Api.PatchAsync($"incidents/{incident.Id}", new { incident = new { status = "resolved", body = "Rolled back." } });
        var posts = (await all.Sink.WaitAsync(Create, 3)).Select(post => post.Json).ToList();
        Assert.Single(all.Sink.At("/xrpc/com.atproto.server.createSession"));
        Assert.All(
            posts,
            post =>
            {
                Assert.Matches("^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$", post.GetProperty("rkey").GetString());
                var record = post.GetProperty("record");
                var facet = record.GetProperty("facets")[0];
                var link = facet.GetProperty("features")[0].GetProperty("uri").GetString()!;
                var text = Encoding.UTF8.GetBytes(record.GetProperty("text").GetString()!);
                Assert.Equal(
                    link,
                    Encoding.UTF8.GetString(
                        text[facet.GetProperty("index").GetProperty("byteStart").GetInt32()..facet.GetProperty("index").GetProperty("byteEnd").GetInt32()]
                    )
                );
                Assert.EndsWith($"/incidents/{incident.Id}", link, StringComparison.Ordinal);
            }
        );
        Assert.False(posts[0].GetProperty("record").TryGetProperty("reply", out _));
        var reply = posts[2].GetProperty("record").GetProperty("reply");
        Assert.EndsWith(posts[0].GetProperty("rkey").GetString()!, reply.GetProperty("root").GetProperty("uri").GetString(), StringComparison.Ordinal);
        Assert.EndsWith(posts[1].GetProperty("rkey").GetString()!, reply.GetProperty("parent").GetProperty("cid").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bluesky_is_asked_first_whether_the_attempt_before_arrived()
    {
        await using var all = await Services.StartAsync(Channel.Bluesky);
        all.Sink.Next(Create, new SinkAnswer(500));
        all.Sink.Always(
            "/xrpc/com.atproto.repo.getRecord",
            _ => new(200, """{"uri": "at://did:plc:acme/app.bsky.feed.post/there", "cid": "cidthere", "value": {}}""")
        );
        await all.OpenAsync();
        await all.DeliveryAsync(Channel.Bluesky, "it waits", row => row is { State: DeliveryState.Queued, Attempts: 1 });
        await all.HastenAsync();
        Assert.Equal(
            "at://did:plc:acme/app.bsky.feed.post/there cidthere",
            (await all.DeliveryAsync(Channel.Bluesky, "it counts as sent", row => row.State == DeliveryState.Sent)).RemoteId
        );
        var asked = Assert.Single(all.Sink.At("/xrpc/com.atproto.repo.getRecord"));
        Assert.Contains(Assert.Single(all.Sink.At(Create)).Json.GetProperty("rkey").GetString()!, asked.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_is_refused_is_opened_anew()
    {
        await using var all = await Services.StartAsync(Channel.Bluesky);
        var incident = await all.OpenAsync();
        await all.Sink.WaitAsync(Create);
        all.Sink.Next(Create, new SinkAnswer(400, """{"error": "ExpiredToken", "message": "Token has expired"}"""));
        await all.Api.PatchAsync($"incidents/{incident.Id}", new { incident = new { status = "resolved", body = "Rolled back." } });
        await all.Sink.WaitAsync(Create, 3);
        Assert.Equal(2, all.Sink.At("/xrpc/com.atproto.server.createSession").Count);
    }

    [Fact]
    public async Task An_update_waits_for_the_one_before_it()
    {
        await using var all = await Services.StartAsync(Channel.X);
        all.Sink.Next("/2/tweets", new SinkAnswer(500));
        var incident = await all.OpenAsync();
        await all.DeliveryAsync(Channel.X, "the first waits", row => row is { State: DeliveryState.Queued, Attempts: 1 });
        await all.Api.PatchAsync($"incidents/{incident.Id}", new { incident = new { status = "identified", body = "A bad release." } });
        await all.DeliveryAsync(
            Channel.X,
            "the second waits for it",
            row => row is { State: DeliveryState.Queued, Attempts: 0, LastError: "Waiting for the update before it." }
        );
        await all.HastenAsync();
        var posts = await all.Sink.WaitAsync("/2/tweets", 3);
        Assert.Equal(
            ["[Investigating]", "[Investigating]", "[Identified]"],
            posts.Select(post => post.Json.GetProperty("text").GetString()!.Split(' ')[0])
        );
    }

    [Fact]
    public async Task A_service_that_cannot_be_reached_leaves_its_rows_waiting_with_the_reason_and_they_go_out_once_it_can()
    {
        await using var all = await Services.StartAsync();
        var port = Ports.Next();
        await all.AddAsync(Channel.Slack, $"http://127.0.0.1:{port}");
        await all.OpenAsync();
        var waiting = await all.DeliveryAsync(Channel.Slack, "it waits", row => row is { State: DeliveryState.Queued, Attempts: 1 });
        Assert.Equal("127.0.0.1 refused the connection.", waiting.LastError);
        var list = (await all.Owner.GetAsync("/admin/channels")).QuerySelector("table")!.TextContent;
        Assert.Contains("in trouble", list, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1 refused the connection. Since", list, StringComparison.Ordinal);
        await using var back = await HttpSink.StartAsync(port);
        await all.HastenAsync();
        await back.WaitAsync(Slack);
        await all.DeliveryAsync(Channel.Slack, "it is sent", row => row.State == DeliveryState.Sent);
        Assert.Null((await all.AccountAsync(Channel.Slack)).Trouble);
    }

    [Fact]
    public async Task What_waits_for_an_account_that_was_removed_is_not_sent()
    {
        await using var all = await Services.StartAsync(Channel.Slack);
        all.Sink.Next(Slack, new SinkAnswer(500));
        await all.OpenAsync();
        await all.DeliveryAsync(Channel.Slack, "it waits", row => row is { State: DeliveryState.Queued, Attempts: 1 });
        var list = await all.Owner.GetAsync("/admin/channels");
        await all.Owner.SubmitAsync(list.Form("Remove"), new { });
        await all.HastenAsync();
        Assert.Equal(
            "The account was removed.",
            (await all.DeliveryAsync(Channel.Slack, "it is suppressed", row => row.State == DeliveryState.Suppressed)).LastError
        );
        Assert.Single(all.Sink.At(Slack));
    }

    [Fact]
    public async Task What_a_private_page_says_is_posted_where_everybody_can_read_only_if_its_owner_says_so()
    {
        await using var all = await Services.StartAsync(Channel.Slack, Channel.Mastodon);
        await all.App.CloseAsync();
        await all.OpenAsync();
        // A room of the team's own chat is none for everybody.
        await all.Sink.WaitAsync(Slack);
        Assert.Contains(
            "The page is private",
            (await all.DeliveryAsync(Channel.Mastodon, "it is suppressed", row => row.State == DeliveryState.Suppressed)).LastError,
            StringComparison.Ordinal
        );
        var account = await all.AccountAsync(Channel.Mastodon);
        await all.Owner.FillInAsync($"/admin/channels/{account.Id}", new { PostsPrivate = "true" }, "main form");
        await all.OpenAsync();
        await all.DeliveryAsync(Channel.Mastodon, "it is posted", row => row.State == DeliveryState.Sent);
    }

    [Fact]
    public async Task An_account_that_is_off_is_told_nothing()
    {
        await using var all = await Services.StartAsync(Channel.Slack, Channel.Teams);
        var list = await all.Owner.GetAsync("/admin/channels");
        list = await all.Owner.SubmitAsync(list.Form("Turn"), new { });
        Assert.Contains("is off", list.QuerySelector(".done")!.TextContent, StringComparison.Ordinal);
        await all.OpenAsync();
        await all.Sink.WaitAsync("/teams/SECRETteamspath");
        Assert.Empty(all.Sink.At(Slack));
    }
}
