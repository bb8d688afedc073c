using System.Net;
using System.Text.Json;
using StatusPage.Domain.Accounts;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.StatusApi;

/// <summary>A program always gets JSON with a message that says what to fix, and nothing is written.</summary>
public sealed class ManageApiErrorTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly AppHost _app = shared.App;
    private readonly ApiClient _api = shared.Api;

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("{\"incident\":null}")]
    [InlineData("{\"incident\":[]}")]
    [InlineData("{\"incident\":\"x\"}")]
    [InlineData("{\"Incident\":{\"name\":\"x\",\"body\":\"x\"}}")]
    public async Task A_body_of_another_form_is_a_400(string body) =>
        (await _api.SendTextAsync(HttpMethod.Post, "incidents", body)).ExpectError(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"body\":\"x\"}")]
    [InlineData("{\"name\":\"\",\"body\":\"x\"}")]
    [InlineData("{\"name\":\"   \",\"body\":\"x\"}")]
    [InlineData("{\"name\":5,\"body\":\"x\"}")]
    [InlineData("{\"name\":{},\"body\":\"x\"}")]
    [InlineData("{\"name\":\"a\\nb\",\"body\":\"x\"}")]
    [InlineData("{\"name\":\"a\\u0000b\",\"body\":\"x\"}")]
    [InlineData("{\"name\":\"x\",\"body\":\"a\\u0000b\"}")]
    [InlineData("{\"name\":\"x\",\"body\":[\"x\"]}")]
    [InlineData("{\"name\":\"x\",\"body\":\"x\",\"status\":\"broken\"}")]
    [InlineData("{\"name\":\"x\",\"body\":\"x\",\"status\":7}")]
    [InlineData("{\"name\":\"x\",\"body\":\"x\",\"status\":\"postmortem\"}")]
    [InlineData("{\"name\":\"x\",\"body\":\"x\",\"severity\":\"SEV9\"}")]
    [InlineData("{\"name\":\"x\",\"body\":\"x\",\"impact_override\":\"huge\"}")]
    [InlineData("{\"name\":\"x\",\"body\":\"x\",\"next_update_at\":\"soon\"}")]
    [InlineData("{\"name\":\"x\",\"body\":\"x\",\"next_update_at\":12}")]
    [InlineData("{\"name\":\"x\",\"body\":\"x\",\"next_update_at\":\"2001-01-01T00:00:00Z\"}")]
    [InlineData("{\"name\":\"x\",\"body\":\"x\",\"deliver_notifications\":\"yes\"}")]
    [InlineData("{\"name\":\"x\",\"body\":\"x\",\"components\":[\"x\"]}")]
    [InlineData("{\"name\":\"x\",\"body\":\"x\",\"components\":{\"abc\":\"major_outage\"}}")]
    [InlineData("{\"name\":\"x\",\"body\":\"x\",\"components\":{\"abcdefghij01\":\"broken\"}}")]
    [InlineData("{\"name\":\"x\",\"body\":\"x\",\"components\":{\"abcdefghij01\":3}}")]
    [InlineData("{\"name\":\"x\",\"body\":\"x\",\"components\":{\"abcdefghij01\":null}}")]
    [InlineData("{\"name\":\"x\",\"body\":\"x\",\"component_ids\":\"abcdefghij01\"}")]
    [InlineData("{\"name\":\"x\",\"body\":\"x\",\"component_ids\":[5]}")]
    [InlineData("{\"name\":\"x\",\"body\":\"x\",\"scheduled_for\":\"2030-01-01T00:00:00Z\"}")]
    [InlineData("{\"name\":\"\\ud800\",\"body\":\"x\"}")]
    public async Task A_field_that_cannot_be_used_is_a_422(string incident)
    {
        (await _api.SendTextAsync(HttpMethod.Post, "incidents", $$"""{"incident":{{incident}}}""")).ExpectError(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(0, (await _api.GetAsync("incidents")).Json.GetArrayLength());
    }

    [Fact]
    public async Task A_component_that_does_not_exist_is_said_not_to()
    {
        // The same rule holds for an update's components, whichever field names them.
        foreach (var field in new[] { "\"component_ids\":[\"abcdefghij01\"]", "\"components\":{\"abcdefghij01\":\"major_outage\"}" })
        {
            var answer = await _api.SendTextAsync(HttpMethod.Post, "incidents", $$$"""{"incident":{"name":"x","body":"x",{{{field}}}}}""");
            answer.ExpectError(HttpStatusCode.UnprocessableEntity);
            Assert.Contains("no component 'abcdefghij01'", answer.Text("message"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_too_long_is_refused_with_the_limit()
    {
        var name = await _api.PostAsync("incidents", new { incident = new { name = new string('x', 256), body = "x" } });
        name.ExpectError(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("255", name.Text("message"));
        var body = await _api.PostAsync("incidents", new { incident = new { name = "x", body = new string('x', 25_001) } });
        body.ExpectError(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("25,000", body.Text("message"));
    }

    [Fact]
    public async Task A_body_beyond_a_megabyte_is_a_413() =>
        (await _api.PostAsync("incidents", new { incident = new { name = "x", body = new string('x', 1_100_000) } })).ExpectError(
            HttpStatusCode.RequestEntityTooLarge
        );

    [Fact]
    public async Task A_component_needs_a_name() =>
        (await _api.PostAsync("components", new { component = new { description = "x" } })).ExpectError(HttpStatusCode.UnprocessableEntity);

    [Fact]
    public async Task A_component_of_an_unknown_state_is_refused() =>
        (await _api.PostAsync("components", new { component = new { name = "x", status = "fine" } })).ExpectError(HttpStatusCode.UnprocessableEntity);

    [Theory]
    [InlineData("incidents/abcdefghij01")]
    [InlineData("incidents/x")]
    [InlineData("incidents/ABCDEFGHIJ01")]
    [InlineData("incidents/%20")]
    [InlineData("components/abcdefghij01")]
    [InlineData("components/x")]
    [InlineData("nothing")]
    [InlineData("/v1/pages/abcdefghij01/incidents")]
    [InlineData("/v1/nothing")]
    public async Task What_does_not_exist_is_a_json_404(string path) => (await _api.GetAsync(path)).ExpectError(HttpStatusCode.NotFound);

    [Fact]
    public async Task A_change_of_an_unknown_incident_is_a_404() =>
        (await _api.PatchAsync("incidents/abcdefghij01", new { incident = new { body = "x" } })).ExpectError(HttpStatusCode.NotFound);

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=501")]
    [InlineData("per_page=501")]
    [InlineData("limit=2&per_page=3")]
    [InlineData("limit=x")]
    [InlineData("page=-1")]
    public async Task Paging_out_of_range_is_a_400(string query) => (await _api.GetAsync($"incidents?{query}")).ExpectError(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData(null)]
    [InlineData("sp_wrong")]
    [InlineData("")]
    public async Task Without_a_good_key_nothing_is_shown(string? key)
    {
        using var stranger = new ApiClient(_app.NewClient(), _api.Page, null);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/pages/{_api.Page}/incidents");
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"OAuth {key}");
        var response = await _app.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.False(string.IsNullOrEmpty(JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("message").GetString()));
    }

    [Theory]
    [InlineData(Role.Auditor)]
    [InlineData(Role.Responder)]
    public async Task A_key_that_may_only_read_reads_and_does_not_write(Role role)
    {
        using var reader = await _app.ApiAsync(role);
        (await reader.GetAsync("incidents")).Expect(HttpStatusCode.OK);
        (await reader.PostAsync("incidents", new { incident = new { name = "x", body = "x" } })).ExpectError(HttpStatusCode.Forbidden);
        (await reader.PostAsync("components", new { component = new { name = "x" } })).ExpectError(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Answers_are_not_kept_by_caches() =>
        Assert.Equal("no-store", (await _api.GetAsync("incidents")).Response.Headers.CacheControl?.ToString());
}
