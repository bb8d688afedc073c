using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Destinations;
using StatusPage.Domain.Pages;
using StatusPage.Tests.Destinations;
using StatusPage.Tests.Host;
using StatusPage.Web.StatusApi;

namespace StatusPage.Tests.StatusApi;

/// <summary>
/// A key belongs to one page, and every request with it concerns that page at every address: at the root, under another page's path, by any host name.
/// </summary>
public sealed class KeyPageTests : IAsyncLifetime
{
    private const string Host = "status.cloud.example";

    /// <summary>The root of the installation, a page under a path, a page under a host name.</summary>
    private static readonly (string Path, string? Host)[] Addresses = [("", null), ("/eu", null), ("", Host)];

    private AppHost _app = null!;
    private (PageRows Rows, string Key)[] _pages = [];

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync(null, AppHost.WithoutWorkers, [.. Desk.Owner, "--PublicUrl", "http://status.acme.example"]);
        Page[] pages = [await _app.PageAsync(), await _app.AddPageAsync("Europe", slug: "eu"), await _app.AddPageAsync("Cloud", host: Host)];
        var all = new List<(PageRows, string)>();
        foreach (var page in pages)
        {
            all.Add((await PageRows.OfAsync(_app, page), await _app.KeyAsync(page.Id, Role.Owner)));
            await _app.DestinationAsync(DestinationKind.Webhook, "https://hooks.invalid/", [], "Told", page.Id);
        }
        _pages = [.. all];
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<(HttpStatusCode Status, string Text)> SendAsync(
        string key,
        (string Path, string? Host) address,
        string method,
        string path,
        object? body = null,
        string? once = null
    )
    {
        using var request = new HttpRequestMessage(new(method), $"{address.Path}/v1/pages{path}");
        request.Headers.Add("Authorization", $"OAuth {key}");
        if (once is not null)
            request.Headers.Add(Idempotency.Header, once);
        if (address.Host is not null)
            request.Headers.Host = address.Host;
        if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var answer = await _app.Http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Every method of every endpoint of the manage API, in an order in which each finds the rows it needs.</summary>
    private IReadOnlyList<(string Method, string Path)> Endpoints() =>
        [
            .. _app
                .Services.GetServices<EndpointDataSource>()
                .SelectMany(source => source.Endpoints)
                .OfType<RouteEndpoint>()
                .DistinctBy(endpoint => endpoint)
                .Select(endpoint => (Endpoint: endpoint, Path: "/" + endpoint.RoutePattern.RawText!.Trim('/')))
                .Where(one => one.Path.StartsWith("/v1/", StringComparison.Ordinal))
                .SelectMany(one =>
                    one.Endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!
                        .HttpMethods.Select(method => (Method: method, Path: one.Path["/v1/pages".Length..]))
                )
                .OrderBy(one =>
                    one.Method switch
                    {
                        "GET" => 0,
                        "DELETE" => 2,
                        _ => one.Path.EndsWith("/subscribers/unsubscribe", StringComparison.Ordinal) ? 3 : 1,
                    }
                )
                .ThenBy(one => one.Path.EndsWith("/revert", StringComparison.Ordinal))
                .ThenByDescending(one => one.Path.Length),
        ];

    private static string Fill(string path, string page, PageRows ids) =>
        path.Replace("{page_id}", page, StringComparison.Ordinal)
            .Replace(
                "{incident_id}",
                (path.Contains("/postmortem", StringComparison.Ordinal) ? ids.Over.Id : ids.Incident.Id).Value,
                StringComparison.Ordinal
            )
            .Replace("{incident_update_id}", ids.Incident.Updates[0].Id.Value, StringComparison.Ordinal)
            .Replace("{component_id}", ids.Component.Id.Value, StringComparison.Ordinal)
            .Replace("{group_id}", ids.Group.Id.Value, StringComparison.Ordinal)
            .Replace("{subscriber_id}", (
                    path.Contains("/incidents/", StringComparison.Ordinal) ? ids.Follower
                    : path.EndsWith("_confirmation", StringComparison.Ordinal) ? ids.Pending
                    : ids.Confirmed
                ).Id.Value, StringComparison.Ordinal)
            .Replace("{draft_id}/publish", $"{ids.Draft.Id}/publish", StringComparison.Ordinal)
            .Replace("{draft_id}", ids.SpareDraft.Id.Value, StringComparison.Ordinal)
            .Replace("{template_id}", ids.Template.Id.Value, StringComparison.Ordinal)
            .Replace("{item_id}", ids.Item.Id.Value, StringComparison.Ordinal)
            .Replace("{metric_id}", ids.Metric.Id.Value, StringComparison.Ordinal);

    /// <summary>A body with which each writing endpoint does something.</summary>
    private static object BodyOf(string method, string path, PageRows own)
    {
        var fresh = PublicId.NewValue();
        var value = new { timestamp = DateTimeOffset.UtcNow.AddMinutes(-2).ToUnixTimeSeconds(), value = 7 };
        return path[(path.IndexOf('}') + 1)..] switch
        {
            "" => new { page = new { name = $"Renamed {own.Mark} {fresh}" } },
            "/incidents" => new
            {
                incident = new
                {
                    name = $"New {own.Mark}",
                    body = "We look.",
                    deliver_notifications = false,
                },
            },
            "/incidents/{incident_id}" => new { incident = new { body = $"More {fresh}.", deliver_notifications = false } },
            "/incidents/{incident_id}/incident_updates/{incident_update_id}" => new { incident_update = new { body = $"Corrected {fresh}." } },
            "/incidents/{incident_id}/postmortem" => new { postmortem = new { body_draft = $"Learned {fresh}." } },
            "/incidents/{incident_id}/action_items" => new { action_item = new { title = $"New {own.Mark} {fresh}" } },
            "/incidents/{incident_id}/action_items/{item_id}" => new { action_item = new { finding = fresh } },
            "/incidents/{incident_id}/postmortem/send" or "/incidents/{incident_id}/action_items/send" => new { destination = "Told" },
            "/components" => new { component = new { name = $"New {own.Mark} {fresh}" } },
            "/components/{component_id}" => new { component = new { description = fresh } },
            "/component-groups" => new { component_group = new { name = $"New {own.Mark} {fresh}", components = new[] { own.Component.Id.Value } } },
            "/component-groups/{group_id}" => new { component_group = new { name = $"Renamed {own.Mark} {fresh}" } },
            "/subscribers" or "/incidents/{incident_id}/subscribers" => new
            {
                subscriber = new { email = $"new-{fresh}@customer.example", skip_confirmation_notification = true },
            },
            "/subscribers/{subscriber_id}" => new { subscriber = new { component_ids = new[] { own.Component.Id.Value } } },
            "/subscribers/unsubscribe" or "/subscribers/resend_confirmation" or "/subscribers/reactivate" => new { subscribers = "all" },
            "/incident_templates" => new
            {
                template = new
                {
                    name = $"New {own.Mark} {fresh}",
                    title = "Slow",
                    body = "It is slow.",
                },
            },
            "/metrics" => new { metric = new { name = $"New {own.Mark} {fresh}" } },
            "/metrics/{metric_id}" => new { metric = new { tooltip_description = fresh } },
            "/metrics/data" => new { data = new Dictionary<string, object> { [own.Metric.Id.Value] = new[] { value } } },
            "/metrics/{metric_id}/data" => new { data = value },
            _ => new { },
        };
    }

    private static object? BodyFor(string method, string path, PageRows own) => method is "GET" or "DELETE" ? null : BodyOf(method, path, own);

    private static void ExpectNothingOf(IEnumerable<PageRows> others, string text, string what)
    {
        foreach (var one in others.SelectMany(other => other.Ids.Append(other.Mark)))
            Assert.False(text.Contains(one, StringComparison.Ordinal), $"{what} shows {one} of another page: {text}");
    }

    [Fact]
    public async Task Every_call_at_every_address_is_for_the_page_of_the_key()
    {
        var endpoints = Endpoints();
        Assert.InRange(endpoints.Count, 60, 200);
        foreach (var (first, key) in _pages)
        {
            var others = _pages.Select(page => page.Rows).Where(rows => rows.Page.Id != first.Page.Id).ToList();
            var before = new List<IReadOnlyList<string>>();
            foreach (var other in others)
                before.Add(await other.ReadAsync(_app));
            foreach (var address in Addresses)
            {
                // Fresh rows, because some calls delete theirs.
                var own = await PageRows.OfAsync(_app, first.Page);
                foreach (var (method, path) in endpoints)
                {
                    var (status, text) = await SendAsync(key, address, method, Fill(path, own.Page.Id.Value, own), BodyFor(method, path, own));
                    var what = $"{method} {address.Path}/v1/pages{path} at {address.Host ?? "the first"}, with the key of {own.Page.Name}";
                    Assert.True((int)status is >= 200 and < 300, $"{what}: {(int)status} {text}");
                    ExpectNothingOf(others, text, what);
                }
            }
            foreach (var (other, rows) in others.Zip(before))
                Assert.Equal(rows, await other.ReadAsync(_app));
        }
    }

    [Fact]
    public async Task Another_page_is_not_found_by_its_id_nor_anything_of_it()
    {
        var before = new List<IReadOnlyList<string>>();
        foreach (var (rows, _) in _pages)
            before.Add(await rows.ReadAsync(_app));
        foreach (var (own, key) in _pages)
        foreach (var other in _pages.Select(page => page.Rows).Where(rows => rows.Page.Id != own.Page.Id))
        foreach (var address in Addresses)
        foreach (var (method, path) in Endpoints().Where(endpoint => endpoint.Path.Contains("{page_id}", StringComparison.Ordinal)))
        {
            var what = $"{method} {address.Path}/v1/pages{path} at {address.Host ?? "the first"}, with the key of {own.Page.Name}";
            var (status, _) = await SendAsync(key, address, method, Fill(path, other.Page.Id.Value, other), BodyFor(method, path, other));
            Assert.True(status == HttpStatusCode.NotFound, $"{what}, for the page {other.Page.Name}: {(int)status}");
            if (path.Count(c => c == '{') < 2)
                continue;
            (status, var text) = await SendAsync(key, address, method, Fill(path, own.Page.Id.Value, other), BodyFor(method, path, own));
            Assert.True(status == HttpStatusCode.NotFound, $"{what}, for what is of {other.Page.Name}: {(int)status} {text}");
        }
        foreach (var ((rows, _), known) in _pages.Zip(before))
            Assert.Equal(known, await rows.ReadAsync(_app));
    }

    [Fact]
    public async Task What_a_body_names_of_another_page_is_refused()
    {
        var (own, key) = _pages[1];
        var other = _pages[0].Rows;
        var (component, group, from) = (other.Component.Id.Value, other.Group.Id.Value, DateTimeOffset.UtcNow.AddDays(1));
        var before = await other.ReadAsync(_app);
        (string Method, string Path, object Body)[] calls =
        [
            (
                "POST",
                "/incidents",
                new
                {
                    incident = new
                    {
                        name = "x",
                        body = "x",
                        components = new Dictionary<string, string> { [component] = "major_outage" },
                    },
                }
            ),
            (
                "POST",
                "/incidents",
                new
                {
                    incident = new
                    {
                        name = "x",
                        body = "x",
                        component_ids = new[] { component },
                    },
                }
            ),
            (
                "PATCH",
                $"/incidents/{own.Incident.Id}",
                new { incident = new { body = "x", components = new Dictionary<string, string> { [component] = "major_outage" } } }
            ),
            (
                "POST",
                "/incidents",
                new
                {
                    incident = new
                    {
                        name = "x",
                        body = "x",
                        scheduled_for = from,
                        scheduled_until = from.AddHours(1),
                        component_ids = new[] { component },
                    },
                }
            ),
            ("PATCH", $"/incidents/{own.Maintenance.Id}", new { incident = new { component_ids = new[] { component } } }),
            ("POST", "/components", new { component = new { name = "x", group_id = group } }),
            ("PATCH", $"/components/{own.Component.Id}", new { component = new { group_id = group } }),
            ("POST", "/component-groups", new { component_group = new { name = "x", components = new[] { component } } }),
            ("PATCH", $"/component-groups/{own.Group.Id}", new { component_group = new { components = new[] { component } } }),
            ("POST", "/subscribers", new { subscriber = new { email = "x@customer.example", component_ids = new[] { component } } }),
            ("PATCH", $"/subscribers/{own.Confirmed.Id}", new { subscriber = new { component_ids = new[] { component } } }),
            (
                "POST",
                "/incident_templates",
                new
                {
                    template = new
                    {
                        name = "x",
                        title = "x",
                        body = "x",
                        component_ids = new[] { component },
                    },
                }
            ),
            (
                "POST",
                "/metrics/data",
                new
                {
                    data = new Dictionary<string, object>
                    {
                        [other.Metric.Id.Value] = new[] { new { timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds(), value = 1 } },
                    },
                }
            ),
        ];
        foreach (var address in Addresses)
        {
            foreach (var (method, path, body) in calls)
            {
                var (status, text) = await SendAsync(key, address, method, $"/{own.Page.Id}{path}", body);
                Assert.True(
                    status is HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity,
                    $"{method} {path} {JsonSerializer.Serialize(body)}: {(int)status} {text}"
                );
            }
            foreach (var act in new[] { "unsubscribe", "resend_confirmation", "reactivate" })
                Assert.Equal(
                    (HttpStatusCode.Created, "[]"),
                    await SendAsync(
                        key,
                        address,
                        "POST",
                        $"/{own.Page.Id}/subscribers/{act}",
                        new { subscribers = new[] { other.Confirmed.Id.Value, other.Pending.Id.Value } }
                    )
                );
        }
        Assert.Equal(before, await other.ReadAsync(_app));
    }

    [Fact]
    public async Task Links_lead_to_the_page_of_the_key()
    {
        string[] roots = ["http://status.acme.example", "http://status.acme.example/eu", $"http://{Host}"];
        foreach (var ((rows, key), root) in _pages.Zip(roots))
        foreach (var address in Addresses)
        {
            using var json = JsonDocument.Parse((await SendAsync(key, address, "GET", $"/{rows.Page.Id}/incidents/{rows.Incident.Id}")).Text);
            Assert.Equal($"{root}/incidents/{rows.Incident.Id}", json.RootElement.GetProperty("shortlink").GetString());
        }
    }

    [Fact]
    public async Task What_is_sent_again_to_another_address_is_answered_as_the_first_time()
    {
        var (own, key) = _pages[1];
        var body = BodyOf("POST", "/{page_id}/incidents", own);
        var answers = new List<string>();
        foreach (var address in Addresses)
            answers.Add((await SendAsync(key, address, "POST", $"/{own.Page.Id}/incidents", body, "once")).Text);
        Assert.Single(answers.Distinct());
        Assert.Equal(3, await _app.InStoreAsync(db => db.Incidents.CountAsync(row => row.PageId == own.Page.Id)));
    }

    [Fact]
    public async Task The_key_of_a_closed_page_opens_nothing_until_the_page_is_open_again()
    {
        var (own, key) = _pages[1];
        var before = await own.ReadAsync(_app);
        using var owner = await _app.SignInAsync();
        await owner.FillInAsync($"/admin/pages/{own.Page.Id}", new { }, "form[action*=Close]");
        foreach (var address in new[] { Addresses[0], Addresses[2] })
        foreach (var (method, path) in Endpoints())
        {
            var (status, text) = await SendAsync(key, address, method, Fill(path, own.Page.Id.Value, own), BodyFor(method, path, own));
            Assert.True(status == HttpStatusCode.Unauthorized, $"{method} {path}: {(int)status} {text}");
            Assert.Contains("is closed", text, StringComparison.Ordinal);
        }
        await owner.FillInAsync($"/admin/pages/{own.Page.Id}", new { }, "form[action*=Open]");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(key, Addresses[0], "GET", $"/{own.Page.Id}/incidents")).Status);
        // Only the page's own row, which was closed and opened, has changed.
        Assert.Equal(
            before.Where(line => !line.StartsWith("Page:", StringComparison.Ordinal)),
            (await own.ReadAsync(_app)).Where(line =>
                !line.StartsWith("Page:", StringComparison.Ordinal) && !line.StartsWith("AuditEntry:", StringComparison.Ordinal)
            )
        );
    }

    [Fact]
    public async Task Whoever_is_signed_in_at_another_desk_does_not_change_whose_key_it_is()
    {
        var (own, key) = _pages[2];
        using var owner = await _app.SignInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/eu/v1/pages");
        request.Headers.Add("Authorization", $"OAuth {key}");
        request.Headers.Add("Cookie", owner.Cookies.GetCookieHeader(_app.BaseAddress));
        using var answer = await _app.Http.SendAsync(request);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal([own.Page.Id.Value], json.RootElement.EnumerateArray().Select(page => page.GetProperty("id").GetString()!));
    }
}
