using System.Net;
using System.Text;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.StatusApi;

/// <summary>What clients in PHP, Ruby and made of the OpenAPI document send, where it is spelled in another way than JSON has it.</summary>
public sealed class OtherSpellingTests(OtherSpellingTests.Site site) : IClassFixture<OtherSpellingTests.Site>
{
    public sealed class Site : IAsyncLifetime
    {
        public AppHost App { get; private set; } = null!;
        public ApiClient Api { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            App = await AppHost.StartAsync(Desk.Owner);
            Api = await App.ApiAsync();
        }

        public ValueTask DisposeAsync()
        {
            Api.Dispose();
            return App.DisposeAsync();
        }
    }

    private Task<ApiAnswer> SendAsync(string path, string body, string type = "application/json") =>
        site.Api.SendAsync(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, type));

    [Theory]
    [InlineData("incident[name]=PHP&incident[deliver_notifications]=0")]
    [InlineData("incident[name]=Rails&incident[component_ids][]=")]
    [InlineData("incident[name]=Ruby&incident[scheduled_for]=2030-12-05 10:00:00 UTC&incident[scheduled_until]=2030-12-05 11:00:00 UTC")]
    [InlineData("""{"incident":{"name":"PHP","deliver_notifications":1,"components":[],"metadata":[]}}""")]
    [InlineData("""{"incident":{"name":"Empty","component_ids":[""]}}""")]
    public async Task An_incident_is_opened(string body)
    {
        var answer = await SendAsync("incidents", body, body[0] == '{' ? "application/json" : "application/x-www-form-urlencoded");
        answer.Expect(HttpStatusCode.Created);
        Assert.Equal(0, answer.Json.GetProperty("components").GetArrayLength());
    }

    [Fact]
    public async Task Items_with_numbers_are_a_list()
    {
        var component = await site.App.ComponentAsync("Numbered");
        var answer = await SendAsync("incidents", $"incident[name]=PHP&incident[component_ids][0]={component.Id}", "application/x-www-form-urlencoded");
        Assert.Equal(1, answer.Expect(HttpStatusCode.Created).Json.GetProperty("components").GetArrayLength());
    }

    [Theory]
    [InlineData("2")]
    [InlineData("\"yes\"")]
    public async Task What_is_neither_true_nor_false_is_refused(string value)
    {
        var answer = await SendAsync("incidents", $$$"""{"incident":{"name":"x","deliver_notifications":{{{value}}}}}""");
        Assert.Contains("incident.deliver_notifications must be true or false", answer.Expect(HttpStatusCode.UnprocessableEntity).Text("message"));
    }

    [Fact]
    public async Task Many_subscribers_may_be_a_text_of_their_ids()
    {
        var (ann, ben) = (await site.App.SubscriberAsync("ann@many.example"), await site.App.SubscriberAsync("ben@many.example"));
        var answer = await SendAsync("subscribers/unsubscribe", $$"""{"subscribers":"{{ann.Id}}, {{ben.Id}}"}""");
        Assert.Equal(2, answer.Expect(HttpStatusCode.Created).Json.GetArrayLength());
        var wrong = (await SendAsync("subscribers/unsubscribe", """{"subscribers":"everybody"}""")).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("subscribers must be an array of ids, or \"all\".", wrong.Text("message"));
    }

    [Theory]
    [InlineData("user@bücher.example")]
    [InlineData("bücher")]
    [InlineData("xn--bcher")]
    [InlineData("USER@BÜCHER.example")]
    public async Task A_subscriber_is_found_as_the_domain_is_written_and_as_it_is_kept(string sought)
    {
        await site.Api.SendAsync(
            HttpMethod.Post,
            "subscribers",
            new StringContent(
                """{"subscriber":{"email":"user@bücher.example","skip_confirmation_notification":true}}""",
                Encoding.UTF8,
                "application/json"
            )
        );
        var list = (await site.Api.GetAsync($"subscribers?state=all&q={Uri.EscapeDataString(sought)}")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("user@xn--bcher-kva.example", Assert.Single(list.EnumerateArray()).GetProperty("email").GetString());
    }

    [Theory]
    [InlineData("a@")]
    [InlineData("@.")]
    [InlineData("ü@ü..ü")]
    public async Task Of_what_is_no_address_nothing_is_found(string sought) =>
        Assert.Equal(
            0,
            (await site.Api.GetAsync($"subscribers?state=all&q={Uri.EscapeDataString(sought)}")).Expect(HttpStatusCode.OK).Json.GetArrayLength()
        );

    [Fact]
    public async Task Incidents_are_found_by_what_was_said_of_them()
    {
        var id = (await site.Api.OpenIncidentAsync(new { name = "Disk full on host", body = "fingerprint zqfp77" })).Id;
        foreach (var sought in new[] { "zqfp77", "ZQFP77 full", "host disk", "investigating zqfp77" })
        {
            var list = (await site.Api.GetAsync($"incidents?q={Uri.EscapeDataString(sought)}")).Expect(HttpStatusCode.OK).Json;
            Assert.Equal(id, Assert.Single(list.EnumerateArray()).GetProperty("id").GetString());
        }
        Assert.Equal(0, (await site.Api.GetAsync("incidents?q=zqfp77%20resolved")).Json.GetArrayLength());
    }

    [Fact]
    public async Task A_reader_of_pages_comes_to_an_end()
    {
        Assert.Equal(1, (await site.Api.GetAsync("/v1/pages?page=1")).Json.GetArrayLength());
        Assert.Equal(0, (await site.Api.GetAsync("/v1/pages?page=2")).Json.GetArrayLength());
    }

    [Theory]
    [InlineData("/history.json/")]
    [InlineData("/llms.txt/")]
    [InlineData("/history.rss/")]
    [InlineData("/api/v2/summary.json/")]
    public async Task A_browser_may_ask_with_a_slash_behind_as_without(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, path)
        {
            Headers = { { "Origin", "https://x.example" }, { "Access-Control-Request-Method", "GET" } },
        };
        using var answer = await site.App.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }
}
