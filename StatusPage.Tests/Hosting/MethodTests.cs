using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Hosting;

/// <summary>Methods that no endpoint takes, and values that no page of ours sends, are refused in words.</summary>
public sealed class MethodTests(PostgresServer server)
{
    [Theory]
    [InlineData("TRACE")]
    [InlineData("TRACK")]
    [InlineData("PROPFIND")]
    [InlineData("CONNECT-ME")]
    public async Task A_method_that_no_door_takes_is_refused_everywhere(string method)
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        foreach (
            var path in new[]
            {
                "/",
                "/search?q=x",
                "/subscribe",
                "/admin",
                "/admin/sign-in",
                "/admin/set-up",
                "/v1/pages.json",
                "/api/v2/summary.json",
                "/nothing",
            }
        )
        {
            using var answer = await app.Http.SendAsync(new(new HttpMethod(method), path));
            Assert.Equal((path, HttpStatusCode.MethodNotAllowed), (path, answer.StatusCode));
            Assert.Contains("GET", answer.Content.Headers.Allow);
        }
    }

    [Fact]
    public async Task Whatever_answers_GET_answers_HEAD_and_a_slash_at_the_end_changes_nothing()
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Demo", "true"]);
        using var api = await app.ApiAsync();
        foreach (
            var path in new[]
            {
                "/",
                "/history",
                "/history.rss",
                "/de/history",
                "/components/api",
                "/components/api/history.atom",
                "/badges/overall.svg",
                "/feed.json",
                "/maintenance.ics",
                "/api/v2/summary.json",
                "/search",
                "/subscribe",
                "/embed",
                "/robots.txt",
                "/admin/sign-in",
                "/healthz/live",
                "/healthz/ready",
            }
        )
        {
            foreach (var address in path == "/" ? ["/"] : new[] { path, path + "/" })
            {
                using var got = await app.Http.GetAsync(address);
                using var head = await app.Http.SendAsync(new(HttpMethod.Head, address));
                Assert.Equal((address, HttpStatusCode.OK, HttpStatusCode.OK), (address, got.StatusCode, head.StatusCode));
                Assert.Equal(got.Content.Headers.ContentType, head.Content.Headers.ContentType);
                Assert.Empty(await head.Content.ReadAsByteArrayAsync());
            }
        }
        using var posted = await app.Http.PostAsync("/history.rss/", null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
    }

    [Fact]
    public async Task A_form_token_that_is_none_of_ours_makes_nothing_fail()
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--ConnectionStrings:Postgres", await server.CreateDatabaseAsync()]);
        using var owner = await app.SignInAsync();
        var form = (await owner.GetAsync("/admin/incidents/new")).QuerySelector<IHtmlFormElement>("main form[method=post]")!;
        var fields = Desk.Example();
        fields["Token"] = new string('x', 300);
        await owner.SubmitAsync(form, fields);
        Assert.Equal(HttpStatusCode.OK, owner.Status);
        Assert.StartsWith("/admin/incidents/", owner.Location.AbsolutePath, StringComparison.Ordinal);
        await owner.SubmitAsync((await owner.GetAsync("/admin/account")).Form("AddPasskey"), new { credential = "" });
        Assert.True((int)owner.Status < 500, owner.Status.ToString());
    }
}
