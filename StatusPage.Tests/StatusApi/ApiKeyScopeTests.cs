using System.Net;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Tests.Host;
using Desk = StatusPage.Tests.Host.Desk;

namespace StatusPage.Tests.StatusApi;

/// <summary>A leaked key does as little harm as possible.</summary>
public sealed class ApiKeyScopeTests
{
    [Theory]
    [InlineData("incidents:write", "incidents:write")]
    [InlineData("components:read, incidents:write", "components:read incidents:write")]
    [InlineData("incidents:read incidents:write", "incidents:write")]
    [InlineData("incidents:write incidents:read", "incidents:write")]
    [InlineData("  ", "")]
    [InlineData(null, "")]
    public void Scopes_are_read(string? text, string written) => Assert.Equal(written, ApiScopes.Parse(text).ToString());

    [Theory]
    [InlineData("incidents")]
    [InlineData("incidents:delete")]
    [InlineData("secrets:read")]
    [InlineData("incidents:write:read")]
    [InlineData("Incidents:write")]
    public void An_unknown_scope_is_refused_by_its_name(string text) =>
        Assert.Contains($"'{text}'", Assert.Throws<RuleViolation>(() => ApiScopes.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("incidents:write", "incidents", true, true)]
    [InlineData("incidents:write", "incidents", false, true)]
    [InlineData("incidents:read", "incidents", true, false)]
    [InlineData("incidents:write", "components", false, false)]
    [InlineData("", "components", true, true)]
    public void A_scope_opens_what_it_names(string scopes, string area, bool writes, bool expected) =>
        Assert.Equal(expected, ApiScopes.Parse(scopes).Allows(area, writes));

    [Fact]
    public async Task A_key_that_is_narrowed_at_the_desk_gets_no_further_than_that()
    {
        await using var app = await AppHost.StartBesideAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        var made = await owner.FillInAsync(
            "/admin/keys",
            new Dictionary<string, object?>
            {
                ["Name"] = "alerts",
                ["Role"] = "comms",
                ["Scopes[incidents]"] = "write",
                ["Scopes[components]"] = "read",
                ["Scopes[subscribers]"] = "none",
                ["Scopes[templates]"] = "none",
                ["Scopes[metrics]"] = "none",
                ["Scopes[page]"] = "none",
            },
            "form:has(button[data-main])"
        );
        var key = made.QuerySelector(".secret")!.TextContent;
        Assert.Contains("components:read, incidents:write", made.QuerySelector("table")!.TextContent, StringComparison.Ordinal);
        using var api = new ApiClient(app.NewClient(), (await app.PageAsync()).Id, key);
        await api.OpenIncidentAsync();
        (await api.GetAsync("incidents")).Expect(HttpStatusCode.OK);
        (await api.GetAsync("components")).Expect(HttpStatusCode.OK);
        foreach (var path in new[] { "subscribers", "subscribers/count", "incident_templates", "metrics", $"/v1/pages/{api.Page}" })
            (await api.GetAsync(path)).ExpectError(HttpStatusCode.Forbidden);
        var refused = await api.PostAsync("components", new { component = new { name = "x" } });
        refused.ExpectError(HttpStatusCode.Forbidden);
        Assert.Contains("components:write", refused.Text("message"), StringComparison.Ordinal);
        (await api.PostAsync("subscribers", new { subscriber = new { email = "a@example.com" } })).ExpectError(HttpStatusCode.Forbidden);
        (await api.PostAsync("component-groups", new { component_group = new { name = "x" } })).ExpectError(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_key_for_nothing_is_not_made()
    {
        await using var app = await AppHost.StartBesideAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        var answer = await owner.FillInAsync(
            "/admin/keys",
            ApiScopes.Areas.ToDictionary(area => $"Scopes[{area}]", _ => (object?)"none").Append(new("Name", "x")).ToDictionary(),
            "form:has(button[data-main])"
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, owner.Status);
        Assert.Null(answer.QuerySelector(".secret"));
    }

    [Fact]
    public async Task A_scope_gives_nothing_that_the_role_does_not()
    {
        await using var app = await AppHost.StartBesideAsync();
        using var reader = await app.ApiAsync(Role.Auditor, "incidents:write");
        (await reader.PostAsync("incidents", new { incident = new { name = "x", body = "x" } })).ExpectError(HttpStatusCode.Forbidden);
        (await reader.GetAsync("incidents")).Expect(HttpStatusCode.OK);
        using var comms = await app.ApiAsync(Role.Comms);
        (
            await comms.SendAsync(HttpMethod.Patch, $"/v1/pages/{comms.Page}", System.Net.Http.Json.JsonContent.Create(new { page = new { name = "x" } }))
        ).ExpectError(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_key_that_asks_too_often_is_told_how_long_to_wait()
    {
        await using var app = await AppHost.StartBesideAsync("--Limits:ApiRequestsPerMinute", "3");
        using var api = await app.ApiAsync();
        var answers = new List<ApiAnswer>();
        for (var i = 0; i < 5; i++)
            answers.Add(await api.GetAsync("incidents"));
        Assert.Equal(["2", "1", "0"], answers.Take(3).Select(answer => answer.Response.Headers.GetValues("RateLimit-Remaining").Single()));
        Assert.All(answers, answer => Assert.Equal("3", answer.Response.Headers.GetValues("RateLimit-Limit").Single()));
        Assert.All(
            answers.Skip(3),
            answer =>
            {
                answer.ExpectError(HttpStatusCode.TooManyRequests);
                Assert.InRange(answer.Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
            }
        );
        // Another key has a bucket of its own.
        using var other = await app.ApiAsync();
        (await other.GetAsync("incidents")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Keys_that_are_none_are_refused_before_the_store_is_asked()
    {
        await using var app = await AppHost.StartBesideAsync("--Limits:UnknownKeysPerMinute", "3");
        using var good = await app.ApiAsync();
        (await good.GetAsync("incidents")).Expect(HttpStatusCode.OK);
        var fresh = await app.KeyAsync((await app.PageAsync()).Id);
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 6; i++)
            statuses.Add(await AskAsync($"sp_none{i}"));
        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.Unauthorized, 3), .. Enumerable.Repeat(HttpStatusCode.TooManyRequests, 3)], statuses);
        // A key that was not used before is no longer looked up from that address, so a guess learns nothing; a key that was good lately still is.
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(fresh));
        (await good.GetAsync("incidents")).Expect(HttpStatusCode.OK);

        async Task<HttpStatusCode> AskAsync(string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/pages") { Headers = { { "Authorization", $"OAuth {key}" } } };
            using var answer = await app.Http.SendAsync(request);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                Assert.NotNull(answer.Headers.RetryAfter);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_key_in_the_address_is_in_no_log()
    {
        using var folder = new TempFolder();
        await using var app = await AppProcess.StartAsync(folder, ["--Log:Level", "Verbose"]);
        using var http = new HttpClient { BaseAddress = app.BaseAddress };
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/v1/pages?api_key=sp_secretsecretsecret")).StatusCode);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await http.GetAsync("/v1/pages/abcdefghij01/incidents.json?api_key=sp_secretsecretsecret&limit=0")).StatusCode
        );
        await app.StopAsync();
        Assert.DoesNotContain("secretsecret", app.Output, StringComparison.Ordinal);
    }
}
