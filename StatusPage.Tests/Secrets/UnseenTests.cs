using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Audit;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Metrics;
using StatusPage.Domain.Notices;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Host;
using StatusPage.Web.Channels;

namespace StatusPage.Tests.Secrets;

/// <summary>A secret that goes in never comes out: not on a page of the desk, not in an answer of the API, not through the audit.</summary>
public sealed class UnseenTests : IAsyncLifetime
{
    private const string Secret = "GIRAFFE",
        Hook = "ZEBRA",
        Source = "OKAPI";
    private const int MostPages = 250;

    private AppHost _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartBesideAsync([
            .. Desk.Owner,
            "--Email:ReportsSecret",
            $"{Secret}-reports-reports",
            "--Oidc:Authority",
            "https://login.acme.example",
            "--Oidc:ClientId",
            "status",
            "--Oidc:ClientSecret",
            $"{Secret}-oidc",
            "--Oidc:DefaultRole",
            "auditor",
            "--Audit:Webhook",
            $"https://audit.acme.example/{Secret}",
        ]);
        var page = await _app.PageAsync();
        var now = DateTimeOffset.UtcNow;
        var rows = await PageRows.OfAsync(_app, page);
        await _app.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<Web.Data.StatusDb>();
            string Sealed(string name) =>
                services.GetRequiredService<ChannelSecrets>().Protect(new Dictionary<string, string> { [name] = $"https://hooks.acme.example/{Secret}" });
            object[] planted =
            [
                ChannelAccount.Add(page.Id, Channel.Slack, "Room", null, null, Sealed("address"), now),
                Contact.Add(page.Id, NoticeChannel.Slack, "Pager", null, Sealed("address"), 1, now),
                Confirmed(Subscriber.ByWebhook(page.Id, $"https://hooks.acme.example/{Hook}", "ann@customer.example", now), now),
                Metric.Create(page.Id, now).Describe("Latency", "ms", 0, isShown: true, $"https://{Source}.internal.example", "up", now),
                ApiKey.Create(page.Id, "ci", Role.Comms, now).Row,
            ];
            foreach (var row in planted)
            {
                // Each row is written with an entry, so that the audit records its values.
                db.Add(row);
                db.Audit.Add(new AuditEntry(page.Id, "test", "test.planted", row.GetType().Name, now));
                await db.SaveChangesAsync();
            }
            return rows;
        });
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(Role.Auditor)]
    [InlineData(Role.Responder)]
    [InlineData(Role.Owner)]
    public async Task No_page_of_the_desk_shows_one(Role role)
    {
        var who = $"{role}-x@acme.example".ToLowerInvariant();
        await _app.AccountAsync(who, role);
        using var browser = await _app.SignInAsync(who);
        List<string> open =
        [
            "/admin",
            "/admin/audit?handler=Export&format=csv",
            "/admin/audit?handler=Export&format=jsonl",
            "/admin/audit?q=planted",
            "/admin/metrics",
            "/admin/channels",
            "/admin/keys",
            "/admin/set-up",
            "/admin/settings",
            "/admin/subscribers?handler=Export",
        ];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var shown = 0;
        while (open.Count > 0 && seen.Count < MostPages)
        {
            var path = open[0];
            open.RemoveAt(0);
            if (!seen.Add(path))
                continue;
            var document = await browser.GetAsync(path);
            if (browser.Status != HttpStatusCode.OK)
                continue;
            shown++;
            Check(document.Source.Text, path, role == Role.Owner);
            open.AddRange(
                document
                    .QuerySelectorAll<IHtmlAnchorElement>("a[href]")
                    .Select(link => link.GetAttribute("href")!)
                    .Where(link =>
                        link.StartsWith("/admin", StringComparison.Ordinal)
                        && !link.Contains("theme/preview", StringComparison.Ordinal)
                        && !seen.Contains(link)
                    )
            );
        }
        Assert.InRange(shown, 12, MostPages);
    }

    [Theory]
    [InlineData(Role.Auditor)]
    [InlineData(Role.Responder)]
    public async Task No_answer_of_the_API_holds_one(Role role)
    {
        var page = await _app.PageAsync();
        using var http = _app.NewClient();
        http.DefaultRequestHeaders.Add("Authorization", $"OAuth {await _app.KeyAsync(page.Id, role)}");
        var ids = await _app.InStoreAsync(async db => new Dictionary<string, string[]>
        {
            ["page_id"] = [page.Id.Value],
            ["incident_id"] = await db.Incidents.Where(row => row.PageId == page.Id).Select(row => row.Id.Value).ToArrayAsync(),
            ["component_id"] = await db.Components.Where(row => row.PageId == page.Id).Select(row => row.Id.Value).ToArrayAsync(),
            ["subscriber_id"] = await db.Subscribers.Where(row => row.PageId == page.Id).Select(row => row.Id.Value).ToArrayAsync(),
            ["metric_id"] = await db.Metrics.Where(row => row.PageId == page.Id).Select(row => row.Id.Value).ToArrayAsync(),
            ["id"] = await db.ComponentGroups.Where(row => row.PageId == page.Id).Select(row => row.Id.Value).ToArrayAsync(),
        });
        var answered = 0;
        foreach (
            var path in _app
                .Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .Where(endpoint =>
                    endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("v1/", StringComparison.Ordinal)
                    && endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true
                )
                .SelectMany(endpoint => Paths("/" + endpoint.RoutePattern.RawText!.TrimStart('/'), ids))
        )
        {
            using var answer = await http.GetAsync(path);
            if (answer.IsSuccessStatusCode)
                answered++;
            Check(await answer.Content.ReadAsStringAsync(), path, seesAddresses: false);
        }
        Assert.InRange(answered, 15, 500);
    }

    private static IEnumerable<string> Paths(string pattern, Dictionary<string, string[]> ids)
    {
        var at = pattern.IndexOf('{', StringComparison.Ordinal);
        if (at < 0)
            return [pattern];
        var end = pattern.IndexOf('}', at);
        var name = pattern[(at + 1)..end].Split(':')[0];
        return (ids.GetValueOrDefault(name) ?? ["nothing"]).SelectMany(id => Paths(pattern[..at] + id + pattern[(end + 1)..], ids));
    }

    private static Subscriber Confirmed(Subscriber subscriber, DateTimeOffset now)
    {
        subscriber.Confirm(now);
        return subscriber;
    }

    /// <param name="seesAddresses">True for people who manage a page: they see where its figures come from and where its webhooks go.</param>
    private static void Check(string text, string path, bool seesAddresses)
    {
        Assert.False(text.Contains(Secret, StringComparison.OrdinalIgnoreCase), $"{path} shows a secret.");
        // Nobody sees them in the audit, because it is never deleted.
        if (seesAddresses && !path.Contains("audit", StringComparison.Ordinal))
            return;
        Assert.False(text.Contains(Hook, StringComparison.OrdinalIgnoreCase), $"{path} shows the address of a webhook.");
        Assert.False(text.Contains(Source, StringComparison.OrdinalIgnoreCase), $"{path} shows where figures come from.");
    }
}
