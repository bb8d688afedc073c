using System.Net;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Tests.Accounts;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Channels;

/// <summary>The owner's forms for channels.</summary>
public sealed class ChannelsPageTests
{
    [Fact]
    public async Task Only_an_owner_comes_in()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var stranger = app.NewBrowser();
        await stranger.GetAsync("/admin/channels");
        Assert.Equal("/admin/sign-in", stranger.Location.AbsolutePath);
        using var owner = await app.SignInAsync();
        using var comms = await app.JoinAsync(owner, "ann@acme.example", "comms");
        foreach (var path in new[] { "/admin/channels", "/admin/channels/new?channel=slack" })
        {
            await comms.GetAsync(path);
            Assert.NotEqual(HttpStatusCode.OK, comms.Status);
        }
        Assert.DoesNotContain("/admin/channels", (await comms.GetAsync("/admin/setup")).QuerySelector("main")!.InnerHtml, StringComparison.Ordinal);
        Assert.Contains("/admin/channels", (await owner.GetAsync("/admin/setup")).QuerySelector("main")!.InnerHtml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("slack", "Secrets[url]", "nonsense-SECRET", "Secrets[url]")]
    [InlineData("slack", "Secrets[url]", "", "Secrets[url]")]
    [InlineData("teams", "Name", "", "Name")]
    [InlineData("x", "Secrets[access_token]", "", "Secrets[access_token]")]
    [InlineData("mastodon", "BaseAddress", "", "BaseAddress")]
    [InlineData("mastodon", "BaseAddress", "ftp://mastodon.example", "BaseAddress")]
    [InlineData("bluesky", "Handle", "", "Handle")]
    public async Task A_mistake_is_told_beside_its_field_and_the_rest_stays(string channel, string field, string value, string error)
    {
        await using var all = await Services.StartAsync();
        var fields = Services.Fields(ChannelKinds.Parse(channel)!.Value, all.Sink.Url);
        fields["Name"] = "Our room";
        fields[field] = value;
        var page = await all.Owner.FillInAsync($"/admin/channels/new?channel={channel}", fields, "main form");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, all.Owner.Status);
        Assert.NotEqual("", page.ErrorFor(error));
        Assert.Equal(field == "Name" ? "" : "Our room", page.QuerySelector("input[name=Name]")!.GetAttribute("value") ?? "");
        Assert.DoesNotContain("SECRET", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        // The other secret fields need not be typed again.
        var good = Services.Fields(ChannelKinds.Parse(channel)!.Value, all.Sink.Url);
        page = await all.Owner.SubmitAsync(
            (AngleSharp.Html.Dom.IHtmlFormElement)page.QuerySelector("main form")!,
            new Dictionary<string, object?> { [field] = field == "Name" ? "Our room" : good[field] }
        );
        Assert.True(page.QuerySelector(".done") is not null, page.Body!.TextContent);
    }

    [Fact]
    public async Task What_was_kept_for_one_server_is_not_handed_to_another()
    {
        await using var all = await Services.StartAsync(Channel.Mastodon);
        var account = await all.AccountAsync(Channel.Mastodon);
        await all.Owner.FillInAsync(
            $"/admin/channels/{account.Id}",
            new Dictionary<string, object?> { ["BaseAddress"] = "https://elsewhere.example" },
            "main form"
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, all.Owner.Status);
        Assert.Equal(account.BaseAddress, (await all.AccountAsync(Channel.Mastodon)).BaseAddress);
    }

    [Fact]
    public async Task A_secret_that_is_left_empty_stays_and_one_that_is_typed_takes_its_place()
    {
        await using var all = await Services.StartAsync(Channel.Mastodon);
        var account = await all.AccountAsync(Channel.Mastodon);
        var path = $"/admin/channels/{account.Id}";
        Assert.Equal("", (await all.Owner.GetAsync(path)).QuerySelector("input[type=password]")!.GetAttribute("value") ?? "");
        await all.Owner.FillInAsync(path, new Dictionary<string, object?> { ["Name"] = "Renamed" }, "main form");
        await all.OpenAsync();
        await all.Sink.WaitAsync("/api/v1/statuses");
        await all.Owner.FillInAsync(path, new Dictionary<string, object?> { ["Secrets[token]"] = "token-SECRET-new" }, "main form");
        await all.OpenAsync();
        Assert.Equal(
            ["Bearer token-SECRET-5", "Bearer token-SECRET-new"],
            (await all.Sink.WaitAsync("/api/v1/statuses", 2)).Select(post => post.Header("Authorization"))
        );
        Assert.Contains("Renamed", (await all.Owner.GetAsync("/admin/channels")).QuerySelector("table")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("channel.edited", (await all.Owner.GetAsync("/admin/audit")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_is_really_sent_and_what_came_back_is_shown()
    {
        await using var all = await Services.StartAsync(Channel.X);
        var path = $"/admin/channels/{(await all.AccountAsync(Channel.X)).Id}";
        var page = await all.Owner.FillInAsync(path, new { }, "form[action*=Test]");
        Assert.Contains("The test arrived", page.QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
        var sent = Assert.Single(all.Sink.At("/2/tweets")).Json.GetProperty("text").GetString()!;
        Assert.Contains("This is a test", sent, StringComparison.Ordinal);
        Assert.Equal(sent, page.QuerySelector("pre")!.TextContent.Trim());
        all.Sink.Next("/2/tweets", new SinkAnswer(401, """{"title":"Unauthorized","detail":"Unauthorized ats-SECRET-4"}"""));
        page = await all.Owner.FillInAsync(path, new { }, "form[action*=Test]");
        Assert.Contains(
            "did not arrive. 127.0.0.1 answered 401 (Unauthorized): Unauthorized (hidden).",
            page.QuerySelector("[role=status]")!.TextContent,
            StringComparison.Ordinal
        );
        Assert.NotNull((await all.AccountAsync(Channel.X)).Trouble);
        Assert.Equal(0, await all.App.InStoreAsync(db => db.Incidents.CountAsync()));
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_adds_one_account()
    {
        await using var all = await Services.StartAsync();
        var page = await all.Owner.GetAsync("/admin/channels/new?channel=slack");
        var form = (AngleSharp.Html.Dom.IHtmlFormElement)page.QuerySelector("main form")!;
        var here = all.Owner.Location;
        await all.Owner.SubmitAsync(form, Services.Fields(Channel.Slack, all.Sink.Url));
        form.SetAttribute("action", here.PathAndQuery);
        await all.Owner.SubmitAsync(form, Services.Fields(Channel.Slack, all.Sink.Url));
        Assert.Equal(1, await all.App.InStoreAsync(db => db.ChannelAccounts.CountAsync()));
    }

    [Theory]
    [InlineData("/admin/channels/new")]
    [InlineData("/admin/channels/new?channel=email")]
    [InlineData("/admin/channels/new?channel=webpush")]
    [InlineData("/admin/channels/abcdefghijkl")]
    public async Task What_is_not_there_is_not_found(string path)
    {
        await using var all = await Services.StartAsync();
        await all.Owner.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, all.Owner.Status);
    }

    [Fact]
    public async Task No_secret_is_in_a_page_the_store_or_the_log()
    {
        using var log = new StringWriter();
        var console = Console.Out;
        Console.SetOut(TextWriter.Synchronized(log));
        try
        {
            await using var all = await Services.StartAsync(["--Log:Level", "Verbose"], [.. ChannelKinds.OfAccounts]);
            foreach (var (channel, path) in Doors)
            {
                // A service that repeats the request in its answer.
                var own = string.Join(
                    ' ',
                    Services.Fields(channel, "").Where(field => field.Key.StartsWith("Secrets", StringComparison.Ordinal)).Select(field => field.Value)
                );
                var url = $"{all.Sink.Url}{own}";
                all.Sink.Next(path, new SinkAnswer(500, $$$"""{"message": "{{{own}}} {{{url}}}", "error": "{{{own}}}", "detail": "{{{own}}}"}"""));
            }
            await all.OpenAsync();
            await Eventually.TrueAsync(
                "all have failed once",
                async () => await all.App.InStoreAsync(db => db.Deliveries.CountAsync(row => row.State == DeliveryState.Queued && row.Attempts == 1)) == 6
            );
            var shown = new List<string?>();
            foreach (var path in new[] { "/", "/admin", "/admin/channels", "/admin/audit", "/api/v2/summary.json" })
                shown.Add((await all.Owner.GetAsync(path)).DocumentElement.OuterHtml);
            foreach (var id in await all.App.InStoreAsync(db => db.ChannelAccounts.Select(row => row.Id).ToListAsync()))
                shown.Add((await all.Owner.GetAsync($"/admin/channels/{id}")).DocumentElement.OuterHtml);
            shown.AddRange(await all.App.InStoreAsync(db => db.Deliveries.Select(row => row.LastError).ToListAsync()));
            shown.AddRange(await all.App.InStoreAsync(db => db.ChannelAccounts.Select(row => row.Secrets + row.Trouble).ToListAsync()));
            shown.AddRange(await all.App.InStoreAsync(db => db.Audit.Select(row => row.Subject).ToListAsync()));
            Assert.Contains(shown, text => text?.Contains("127.0.0.1 answered 500", StringComparison.Ordinal) == true);
            foreach (var text in shown)
                Assert.DoesNotContain("SECRET", text, StringComparison.Ordinal);
        }
        finally
        {
            Console.SetOut(console);
        }
        Assert.Contains("did not go out", log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", log.ToString(), StringComparison.Ordinal);
    }

    private static readonly (Channel, string)[] Doors =
    [
        (Channel.Slack, "/slack/SECRETslackpath"),
        (Channel.Teams, "/teams/SECRETteamspath"),
        (Channel.Discord, "/discord/SECRETdiscordpath"),
        (Channel.X, "/2/tweets"),
        (Channel.Mastodon, "/api/v1/statuses"),
        (Channel.Bluesky, "/xrpc/com.atproto.server.createSession"),
    ];
}
