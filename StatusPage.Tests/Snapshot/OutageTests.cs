using System.Net;
using System.Text.Json;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Snapshot;

/// <summary>Each test really stops the servers that it names, and starts them again.</summary>
public sealed class OutageTests(TwoNodes site) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task A_post_on_one_node_shows_on_the_other()
    {
        await site.HealedAsync();
        await site.PostAsync(0, "First trouble");
        await site.ShownAsync(1, "First trouble");
    }

    [Fact]
    public async Task Without_Redis_a_post_shows_on_the_other_node_all_the_same()
    {
        await site.HealedAsync();
        await site.Redis.StopAsync();
        await site.PostAsync(0, "Trouble without Redis");
        await site.ShownAsync(1, "Trouble without Redis");
        Assert.Equal(("ok", "ok"), await site.ReadyAsync(1));
        await site.Redis.StartAsync();
        await site.HealedAsync();
    }

    [Fact]
    public async Task Without_the_database_the_page_goes_on_and_posting_says_why_it_cannot()
    {
        await site.HealedAsync();
        await site.PostAsync(0, "Trouble before the database went");
        await site.ShownAsync(1, "Trouble before the database went");
        await site.Postgres.StopAsync();
        for (var node = 0; node < 2; node++)
        {
            Assert.Contains("Trouble before the database went", await site.HomeAsync(node), StringComparison.Ordinal);
            Assert.Equal(("ok", "unavailable"), await site.ReadyAsync(node));
            var refused = await site.Apis[node].PostAsync("incidents", new { incident = new { name = "Lost?", body = "x" } });
            refused.ExpectError(HttpStatusCode.ServiceUnavailable);
            Assert.Contains("database cannot be reached", refused.Text("message"), StringComparison.Ordinal);
        }
        await site.Postgres.StartAsync();
        await site.HealedAsync();
        await site.PostAsync(1, "Trouble after the database came back");
        await site.ShownAsync(0, "Trouble after the database came back");
    }

    [Fact]
    public async Task A_form_sent_while_the_database_is_away_comes_back_with_all_that_was_typed()
    {
        await site.HealedAsync();
        using var owner = new BrowserSession(site.Nodes[0].BaseAddress);
        await owner.FillInAsync("/admin/sign-in", new { Desk.Email, Desk.Password });
        var form = (AngleSharp.Html.Dom.IHtmlFormElement)(await owner.GetAsync("/admin/incidents/new")).QuerySelector("main form")!;
        await site.Postgres.StopAsync();
        var values = Desk.Example();
        values["Title"] = "Typed while the database was away";
        var page = await owner.SubmitAsync(form, values);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, owner.Status);
        Assert.Contains("database cannot be reached", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("We are investigating elevated error rates on our API.", page.Body.TextContent, StringComparison.Ordinal);
        await owner.GetAsync("/admin");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, owner.Status);

        await site.Postgres.StartAsync();
        await site.HealedAsync();
        await owner.GetAsync("/admin/incidents/new");
        await owner.SubmitAsync(page.Forms.OfType<AngleSharp.Html.Dom.IHtmlFormElement>().Single(), new { });
        Assert.Equal(HttpStatusCode.OK, owner.Status);
        await site.ShownAsync(1, "Typed while the database was away");
    }

    [Fact]
    public async Task A_page_that_one_node_makes_private_is_private_on_the_other_and_its_readers_come_in_without_the_database()
    {
        await site.HealedAsync();
        await site.PostAsync(0, "Trouble behind the door");
        await site.ShownAsync(1, "Trouble behind the door");
        const string password = "four calm giraffes reading";
        await Eventually.TrueAsync("it lies in Redis", () => LiesInRedisAsync("behind the door"));
        using var owner = new BrowserSession(site.Nodes[0].BaseAddress);
        await owner.FillInAsync("/admin/sign-in", new { Desk.Email, Desk.Password });
        await owner.FillInAsync("/admin/access", new { ByPassword = "true", Password = password }, "form[action*='handler=Save']");
        try
        {
            using var other = site.Http(1);
            await Eventually.TrueAsync("the other node is closed", async () => (await other.GetAsync("/")).StatusCode == HttpStatusCode.Unauthorized);
            using var reader = new BrowserSession(site.Nodes[0].BaseAddress);
            await reader.FillInAsync("/", new { Password = password });
            Assert.Equal(HttpStatusCode.OK, reader.Status);
            var cookie = reader.Cookies.GetCookieHeader(site.Nodes[0].BaseAddress);
            Assert.Contains("Trouble behind the door", await ReadAsync(other, cookie), StringComparison.Ordinal);
            await Eventually.TrueAsync("nothing of it lies in Redis", async () => !await LiesInRedisAsync("behind the door"));

            await site.Postgres.StopAsync();
            await site.Redis.StopAsync();
            Assert.Contains("Trouble behind the door", await ReadAsync(other, cookie), StringComparison.Ordinal);
            using var fresh = new BrowserSession(site.Nodes[1].BaseAddress);
            await fresh.FillInAsync("/history", new { Password = password });
            Assert.Equal(HttpStatusCode.OK, fresh.Status);
            using var stranger = await other.GetAsync("/history");
            Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        }
        finally
        {
            await site.Postgres.StartAsync();
            await site.Redis.StartAsync();
            await Eventually.TrueAsync(
                "the owner opens the page again",
                async () =>
                {
                    var page = await owner.GetAsync("/admin/access");
                    if (page.QuerySelector("form[action*='handler=Open']") is AngleSharp.Html.Dom.IHtmlFormElement form)
                        await owner.SubmitAsync(form, new { });
                    using var http = site.Http(1);
                    return (await http.GetAsync("/")).StatusCode == HttpStatusCode.OK;
                }
            );
            await site.HealedAsync();
        }

        async Task<bool> LiesInRedisAsync(string words) => (await site.Redis.DumpAsync()).Contains(words, StringComparison.Ordinal);

        static async Task<string> ReadAsync(HttpClient http, string cookie)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.Add("Cookie", cookie);
            using var answer = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task Without_both_the_page_goes_on_and_after_a_restart_it_says_as_of_when()
    {
        await site.HealedAsync();
        await site.PostAsync(0, "Trouble before everything went");
        await site.ShownAsync(1, "Trouble before everything went");
        await site.Postgres.StopAsync();
        await site.Redis.StopAsync();
        for (var node = 0; node < 2; node++)
            Assert.Contains("Trouble before everything went", await site.HomeAsync(node), StringComparison.Ordinal);

        await site.RestartAsync(1);
        await site.ShownAsync(1, "Trouble before everything went");
        Assert.Contains("This is what we knew as of", await site.HomeAsync(1), StringComparison.Ordinal);
        Assert.Equal(("ok", "unavailable"), await site.ReadyAsync(1));
        using var http = site.Http(1);
        foreach (var path in new[] { "/history", "/history.rss", "/badges/overall.svg", "/api/v2/summary.json" })
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(path)).StatusCode);

        await site.Postgres.StartAsync();
        await site.Redis.StartAsync();
        await site.HealedAsync();
        await site.PostAsync(1, "Trouble after everything came back");
        await site.ShownAsync(0, "Trouble after everything came back");
    }

    [Fact]
    public async Task Without_the_database_a_restarted_node_takes_the_snapshot_from_Redis()
    {
        await site.HealedAsync();
        await site.PostAsync(0, "Trouble kept in Redis");
        await site.ShownAsync(1, "Trouble kept in Redis");
        await site.Postgres.StopAsync();
        await site.RestartAsync(1);
        await site.ShownAsync(1, "Trouble kept in Redis");
        await site.Postgres.StartAsync();
        await site.HealedAsync();
    }

    [Fact]
    public async Task Both_nodes_give_the_same_bytes_and_tags()
    {
        await site.HealedAsync();
        await site.PostAsync(0, "Same everywhere");
        await site.ShownAsync(1, "Same everywhere");
        foreach (
            var path in new[] { "/", "/history", "/history.rss", "/history.atom", "/badges/overall.svg", "/api/v2/summary.json", "/api/v2/incidents.json" }
        )
            Assert.Equal(await TagAsync(0, path), await TagAsync(1, path));
    }

    [Fact]
    public async Task A_node_that_starts_without_anything_ever_known_says_that_it_has_no_data_yet()
    {
        using var folder = new TempFolder();
        await using var node = await AppProcess.StartAsync(folder, ["--ConnectionStrings:Postgres", "Host=127.0.0.1;Port=1;Username=x;Timeout=1"]);
        using var http = new HttpClient { BaseAddress = node.BaseAddress };
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/")).StatusCode);
        using var ready = await http.GetAsync("/healthz/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("unavailable", JsonDocument.Parse(await ready.Content.ReadAsStringAsync()).RootElement.GetProperty("public").GetString());
    }

    private async Task<string?> TagAsync(int node, string path)
    {
        using var http = site.Http(node);
        using var answer = await http.GetAsync(path);
        return answer.Headers.ETag?.ToString();
    }
}
