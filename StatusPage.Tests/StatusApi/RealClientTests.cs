using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Metrics;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.StatusApi;

/// <summary>
/// Calls as programs that were written for Statuspage send them, each with the answer that it needs to go on. The shapes were read in the sources of
/// such programs, and in Statuspage's OpenAPI document where these differ.
/// </summary>
public sealed class RealClientTests(RealClientTests.Site site) : IClassFixture<RealClientTests.Site>
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    /// <param name="Says">"path.to.field=value" in the JSON of the answer, for each thing that the program looks at; ".length" of a list.</param>
    /// <param name="Auth">The value of the header; null: the key is in the address.</param>
    private sealed record Call(string Method, string Path, string? Body, string? Type, int Status, string[] Says, string? Auth = "OAuth {key}");

    private static readonly Dictionary<string, Call> Calls = new()
    {
        // Authorization
        ["shell script: the key alone"] = new("GET", "/v1/pages/{page}", null, null, 200, ["id={page}"], "{key}"),
        ["exporter: Bearer"] = new("GET", "/v1/pages/{page}/components", null, null, 200, [], "Bearer {key}"),
        ["exporter: bearer in lower case"] = new("GET", "/v1/pages/{page}", null, null, 200, [], "bearer  {key}"),
        ["importer: OAuth"] = new("GET", "/v1/pages", null, null, 200, ["0.id={page}", "0.subdomain={slug}", "0.support_url=null", "0.headline=null"]),
        ["old script: the key in the address"] = new("GET", "/v1/pages/{page}/incidents.json?api_key={key}", null, null, 200, [], null),
        ["script behind a proxy with a password: the key in the address"] = new(
            "GET",
            "/v1/pages/{page}.json?api_key={key}",
            null,
            null,
            200,
            [],
            "Basic dTpw"
        ),
        ["nobody: a word of a scheme without a key"] = new("GET", "/v1/pages", null, null, 401, [], "OAuth"),
        ["nobody: another scheme"] = new("GET", "/v1/pages", null, null, 401, [], "Digest {key}"),

        // Words
        ["chat bot: message for body"] = new(
            "POST",
            "/v1/pages/{page}/incidents",
            """{"incident":{"name":"Errors","status":"investigating","message":"We look into it.","impact_override":""}}""",
            Json,
            201,
            ["incident_updates.0.body=We look into it.", "incident_updates.length=1"]
        ),
        ["chat bot: message in an update"] = new(
            "PATCH",
            "/v1/pages/{page}/incidents/{incident}",
            """{"incident":{"status":"identified","message":"We found it."}}""",
            Json,
            200,
            ["incident_updates.0.body=We found it."]
        ),
        ["Alertmanager bridge: body and message alike"] = new(
            "POST",
            "/v1/pages/{page}/incidents",
            """{"incident":{"name":"Alike","body":"Same.","message":"Same."}}""",
            Json,
            201,
            ["incident_updates.0.body=Same."]
        ),
        ["nobody: body and message that differ"] = new(
            "POST",
            "/v1/pages/{page}/incidents",
            """{"incident":{"name":"Two","body":"One.","message":"Other."}}""",
            Json,
            422,
            ["message~incident.message"]
        ),
        ["calendar sync: message of a maintenance"] = new(
            "POST",
            "/v1/pages/{page}/incidents",
            """
            {"incident":{"name":"Upgrade","status":"scheduled","message":"We upgrade.","impact_override":"maintenance","scheduled_for":"{soon}",
            "scheduled_until":"{later}","component_ids":["{component}"]}}
            """,
            Json,
            201,
            ["impact=maintenance", "incident_updates.0.body=We upgrade.", "notes=absent"]
        ),
        ["calendar sync: another impact of a maintenance is told, not lost"] = new(
            "POST",
            "/v1/pages/{page}/incidents",
            """
            {"incident":{"name":"Upgrade","impact_override":"minor","scheduled_for":"{soon}","scheduled_until":"{later}"}}
            """,
            Json,
            201,
            ["impact=maintenance", "notes.0~impact_override"]
        ),
        ["nobody: an incident with the impact of a maintenance"] = new(
            "POST",
            "/v1/pages/{page}/incidents",
            """{"incident":{"name":"Odd","body":"x","impact_override":"maintenance"}}""",
            Json,
            422,
            ["message~scheduled_for"]
        ),

        // Components
        ["Terraform provider: an empty status changes nothing"] = new(
            "PATCH",
            "/v1/pages/{page}/components/{component}",
            """{"component":{"name":"API","description":"REST","status":"","group_id":"{group}","showcase":true,"only_show_if_degraded":false}}""",
            Json,
            200,
            ["status=operational", "description=REST", "group_id={group}"]
        ),
        ["Terraform provider: an empty status in an incident"] = new(
            "POST",
            "/v1/pages/{page}/incidents",
            """{"incident":{"name":"Named alone","body":"x","components":{"{component}":""},"component_ids":["{component}"]}}""",
            Json,
            201,
            ["components.0.id={component}", "components.0.status=operational"]
        ),
        ["Terraform provider: a group by the address of components"] = new(
            "GET",
            "/v1/pages/{page}/components/{group}",
            null,
            null,
            200,
            ["id={group}", "group=true", "name=Core"]
        ),
        ["exporter: 500 components on a page"] = new(
            "GET",
            "/v1/pages/{page}/components?per_page=500&page=1",
            null,
            null,
            200,
            ["0.id={component}", "0.group_id={group}", "1.id={quiet}", "2.id={group}", "2.group=true", "2.components.0={component}"]
        ),
        ["exporter: the page after the last"] = new("GET", "/v1/pages/{page}/components?per_page=500&page=2", null, null, 200, ["length=0"]),
        ["exporter: page 0"] = new("GET", "/v1/pages/{page}/components?per_page=1&page=0", null, null, 200, ["length=1", "0.id={component}"]),
        ["exporter: groups"] = new("GET", "/v1/pages/{page}/component-groups?per_page=100&page=0", null, null, 200, ["0.components.0={component}"]),

        ["Terraform provider: a group with a description beside it"] = new(
            "PATCH",
            "/v1/pages/{page}/component-groups/{group}",
            """{"description":"What everything needs","component_group":{"name":"Core","components":["{component}"]}}""",
            Json,
            200,
            ["description=What everything needs", "name=Core"]
        ),
        ["Terraform provider: a component that is shown in trouble alone"] = new(
            "PATCH",
            "/v1/pages/{page}/components/{quiet}",
            """{"component":{"only_show_if_degraded":true,"showcase":false,"start_date":"2026-01-02"}}""",
            Json,
            200,
            ["only_show_if_degraded=true", "showcase=false", "start_date=2026-01-02"]
        ),

        // Metrics
        ["Terraform provider: a metric is changed"] = new(
            "PATCH",
            "/v1/pages/{page}/metrics/{metric}",
            """
            {"metric":{"name":"Latency","metric_identifier":"api.latency","y_axis_min":0,"y_axis_max":500,"y_axis_hidden":false,"suffix":"ms",
            "decimal_places":1,"tooltip_description":"Of all requests"}}
            """,
            Json,
            200,
            ["metric_identifier=api.latency", "y_axis_max=500", "tooltip_description=Of all requests", "backfilled=false", "decimal_places=1"]
        ),
        ["nobody: a scale that ends below its beginning"] = new(
            "PATCH",
            "/v1/pages/{page}/metrics/{metric}",
            """{"metric":{"y_axis_min":"9","y_axis_max":"8"}}""",
            Json,
            422,
            ["message~y_axis_max"]
        ),
        ["Terraform provider: providers of metrics are not here"] = new(
            "GET",
            "/v1/pages/{page}/metrics_providers",
            null,
            null,
            501,
            ["message~/admin/metrics"]
        ),
        ["Terraform provider: readers with rights are not here"] = new(
            "POST",
            "/v1/pages/{page}/page_access_users.json",
            """{"page_access_user":{"email":"a@b.example"}}""",
            Json,
            501,
            ["message~/admin/audiences"]
        ),
        ["importer: the embedded banner is not here"] = new("GET", "/v1/pages/{page}/status_embed_config", null, null, 501, ["message~/embed.js"]),

        // Bodies
        ["shell script: curl -d with JSON"] = new(
            "POST",
            "/v1/pages/{page}/incidents",
            """ {"incident":{"name":"100% & more","body":"a=b&c+d"}}""",
            Form,
            201,
            ["name=100% & more", "incident_updates.0.body=a=b&c+d"]
        ),
        ["shell script: curl -d with broken JSON"] = new(
            "POST",
            "/v1/pages/{page}/incidents",
            """{"incident":{"name":}""",
            Form,
            400,
            ["message~not valid JSON"]
        ),
        ["shell script: curl -d with a form"] = new(
            "POST",
            "/v1/pages/{page}/incidents.json",
            "incident%5Bname%5D=Gr%C3%B6%C3%9Fer&incident[body]=a%2Bb+c&incident[component_ids][]={component}",
            Form,
            201,
            ["name=Größer", "incident_updates.0.body=a+b c", "components.0.id={component}"]
        ),
        ["metrics pusher: a form with a list of objects"] = new(
            "POST",
            "/v1/pages/{page}/metrics/data",
            "data[{metric}][][timestamp]={now}&data[{metric}][][value]=1.5&data[{metric}][][timestamp]={now}&data[{metric}][][value]=2",
            Form,
            202,
            []
        ),
        ["nobody: a form with a list of objects of which one lacks a field"] = new(
            "POST",
            "/v1/pages/{page}/metrics/data",
            "data[{metric}][][timestamp]={now}&data[{metric}][][timestamp]={now}&data[{metric}][][value]=2",
            Form,
            400,
            ["message~lack"]
        ),
        ["metrics pusher: JSON"] = new(
            "POST",
            "/v1/pages/{page}/metrics/{metric}/data.json",
            """{"data":{"timestamp":{now},"value":3}}""",
            Json,
            201,
            ["data.value=3"]
        ),

        // Status codes
        ["Terraform provider: DELETE of a group has a body"] = new(
            "DELETE",
            "/v1/pages/{page}/component-groups/{spare}",
            null,
            null,
            200,
            ["id={spare}", "name=Spare"]
        ),
        ["importer: bulk calls answer 201"] = new("POST", "/v1/pages/{page}/subscribers/resend_confirmation", """{"subscribers":"all"}""", Json, 201, []),
        ["importer: bulk calls of a type that is not here"] = new(
            "POST",
            "/v1/pages/{page}/subscribers/unsubscribe",
            """{"subscribers":"all","type":"slack"}""",
            Json,
            201,
            ["length=0"]
        ),
        ["exporter: subscribers by type"] = new("GET", "/v1/pages/{page}/subscribers/count?state=all", null, null, 200, ["email=0", "sms=0", "teams=0"]),
        ["exporter: subscribers by type and state"] = new(
            "GET",
            "/v1/pages/{page}/subscribers/histogram_by_state",
            null,
            null,
            200,
            ["email.active=0", "webhook.total=0", "slack.quarantined=0"]
        ),

        // The public page
        ["history reader: the months of a page"] = new(
            "GET",
            "/history.json?page=1",
            null,
            null,
            200,
            ["months.0.incidents.0.code~", "months.0.incidents.0.timestamp~<var data-var='date'>", "months.0.incidents.0.impact~"],
            null
        ),
        ["history reader: beyond the oldest month"] = new("GET", "/history.json?page=40", null, null, 200, ["months.length=0"], null),
        ["nobody: a page that is no number"] = new("GET", "/history.json?page=x", null, null, 400, ["message~page"], null),
        ["history reader: an incident"] = new(
            "GET",
            "/incidents/{incident}.json",
            null,
            null,
            200,
            ["code={incident}", "id={incident}", "incident_updates.0.status~", "postmortem_body=null"],
            null
        ),
        ["history reader: an incident that is none"] = new(
            "GET",
            "/incidents/abcdefghij01.json",
            null,
            null,
            404,
            ["message~/incidents/abcdefghij01.json"],
            null
        ),
    };

    public static readonly TheoryData<string> Names = [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_gets_the_answer_that_it_needs(string client)
    {
        var call = Calls[client];
        using var request = new HttpRequestMessage(new(call.Method), site.Fill(call.Path));
        if (call.Auth is { } auth)
            request.Headers.TryAddWithoutValidation("Authorization", site.Fill(auth));
        if (call.Body is { } body)
            request.Content = new StringContent(site.Fill(body), new UTF8Encoding(false))
            {
                Headers = { ContentType = new MediaTypeHeaderValue(call.Type!) },
            };
        using var answer = await site.App.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == call.Status, $"{(int)answer.StatusCode}: {text}");
        foreach (var says in call.Says.Select(site.Fill))
        {
            var at = says.IndexOfAny(['=', '~']);
            var found = Find(JsonElement.Parse(text), says[..at]);
            if (says[at] == '=')
                Assert.Equal((says[..at], says[(at + 1)..]), (says[..at], found));
            else
                Assert.Contains(says[(at + 1)..], found, StringComparison.Ordinal);
        }
    }

    private static string Find(JsonElement json, string path)
    {
        foreach (var part in path.Split('.'))
            if (part == "length")
                return $"{json.GetArrayLength()}";
            else if (json.ValueKind == JsonValueKind.Array)
                json = json[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)];
            else if (!json.TryGetProperty(part, out json))
                return "absent";
        return json.ValueKind switch
        {
            JsonValueKind.String => json.GetString()!,
            JsonValueKind.Null => "null",
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => json.GetRawText(),
        };
    }

    [Theory]
    [InlineData("/api/v2/summary.json")]
    [InlineData("/api/v2/nothing.json")]
    [InlineData("/history.rss")]
    [InlineData("/history.json")]
    [InlineData("/incidents/{incident}.json")]
    [InlineData("/incidents/abcdefghij01.json")]
    [InlineData("/badges/overall.svg")]
    public async Task A_browser_that_asks_before_it_fetches_may(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, site.Fill(path));
        request.Headers.Add("Origin", "https://dashboard.example");
        request.Headers.Add("Access-Control-Request-Method", "GET");
        request.Headers.Add("Access-Control-Request-Headers", "content-type,x-requested-with");
        using var answer = await site.App.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(("*", "GET, HEAD", "content-type,x-requested-with"), (Header("Origin"), Header("Methods"), Header("Headers")));
        using var read = await site.App.Http.GetAsync(site.Fill(path));
        Assert.Equal("*", read.Headers.GetValues("Access-Control-Allow-Origin").Single());

        string Header(string name) => string.Join(", ", answer.Headers.GetValues($"Access-Control-Allow-{name}"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v1/pages")]
    [InlineData("/admin")]
    [InlineData("/subscribe")]
    public async Task A_browser_may_not_fetch_what_is_not_for_other_sites(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", "https://dashboard.example");
        request.Headers.Add("Access-Control-Request-Method", "GET");
        using var answer = await site.App.Http.SendAsync(request);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"), $"{path}: {answer}");
    }

    /// <summary>A page with one of each thing, for all rows of the table.</summary>
    public sealed class Site : IAsyncLifetime
    {
        private Dictionary<string, string> _names = [];

        public AppHost App { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            App = await AppHost.StartBesideAsync("--Page:Name", "Acme Cloud");
            using var api = await App.ApiAsync(Role.Owner);
            var component = await App.ComponentAsync();
            var quiet = await App.ComponentAsync("Quiet");
            var group = await api.PostAsync(
                "component-groups",
                new { component_group = new { name = "Core", components = new[] { component.Id.Value } } }
            );
            var spare = await api.PostAsync("component-groups", new { component_group = new { name = "Spare", components = Array.Empty<string>() } });
            var incident = await api.OpenIncidentAsync();
            var metric = await App.InStoreAsync(async db =>
            {
                var row = Metric.Create(api.Page, DateTimeOffset.UtcNow).Describe("Latency", "ms", 0, true, null, null, DateTimeOffset.UtcNow);
                db.Metrics.Add(row);
                await db.SaveChangesAsync();
                return row.Id.Value;
            });
            var now = DateTimeOffset.UtcNow;
            _names = new()
            {
                ["key"] = api.Key!,
                ["page"] = api.Page.Value,
                ["slug"] = "acme-cloud",
                ["component"] = component.Id.Value,
                ["quiet"] = quiet.Id.Value,
                ["group"] = group.Id,
                ["spare"] = spare.Id,
                ["incident"] = incident.Id,
                ["metric"] = metric,
                ["now"] = $"{now.AddMinutes(-1).ToUnixTimeSeconds()}",
                ["soon"] = $"{now.AddDays(2):O}",
                ["later"] = $"{now.AddDays(2).AddHours(1):O}",
            };
        }

        public string Fill(string text) =>
            _names.Aggregate(text, (filled, name) => filled.Replace($"{{{name.Key}}}", name.Value, StringComparison.Ordinal));

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
