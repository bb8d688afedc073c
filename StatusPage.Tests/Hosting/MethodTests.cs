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
