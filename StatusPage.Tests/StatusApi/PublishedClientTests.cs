using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using StatusPage.Domain.Accounts;
using StatusPage.Tests.Host;
using static Microsoft.Playwright.Assertions;

namespace StatusPage.Tests.StatusApi;

/// <summary>Programs that others wrote for Statuspage, as they lie at npm. They know nothing of this program but its address.</summary>
public sealed class PublishedClientTests(NpmPackages npm, Browser browser) : IClassFixture<NpmPackages>, IClassFixture<Browser>
{
    [Fact]
    public async Task The_client_of_npm_reads_everything_that_it_knows()
    {
        Assert.SkipWhen(npm.Missing is not null, npm.Missing ?? "");
        await using var app = await AppHost.StartAsync("--Demo", "true");
        using var answers = JsonDocument.Parse(
            await npm.NodeAsync(
                $$"""
                const { Statuspage } = require('statuspage.io');
                const client = new Statuspage('page');
                client.setApiUrl('{{app.BaseAddress.ToString().TrimEnd('/')}}');
                const { api } = client;
                Promise.all([
                  api.getStatus(), api.getComponents(), api.getSummary(), api.incidents.getAll(), api.incidents.getUnresolved(),
                  api.scheduledMaintenances.getAll(), api.scheduledMaintenances.getUpcoming(), api.scheduledMaintenances.getActive(),
                ]).then(all => console.log(JSON.stringify(all)));
                """
            )
        );
        var all = answers.RootElement.EnumerateArray().ToList();
        Assert.Equal("major", all[0].GetProperty("status").GetProperty("indicator").GetString());
        var components = await app.InStoreAsync(db => Task.FromResult(db.Components.Count() + db.ComponentGroups.Count()));
        Assert.Equal(components, all[1].GetProperty("components").GetArrayLength());
        Assert.Equal(components, all[2].GetProperty("components").GetArrayLength());
        Assert.Equal(7, all[3].GetProperty("incidents").GetArrayLength());
        Assert.All(all[4].GetProperty("incidents").EnumerateArray(), one => Assert.NotEqual("resolved", one.GetProperty("status").GetString()));
        Assert.Equal(1, all[5].GetProperty("scheduled_maintenances").GetArrayLength());
        Assert.Equal(1, all[6].GetProperty("scheduled_maintenances").GetArrayLength());
        Assert.True(all[7].TryGetProperty("scheduled_maintenances", out _));
    }

    [Fact]
    public async Task The_widget_that_Atlassian_publishes_shows_the_state_on_another_site()
    {
        Assert.SkipWhen(npm.Missing is not null, npm.Missing ?? "");
        await using var app = await AppHost.StartAsync("--Demo", "true");
        using var summary = JsonDocument.Parse(await app.Http.GetStringAsync("/api/v2/summary.json"));
        // A site on loopback, as Chromium keeps others from reading there.
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var site = builder.Build();
        site.Urls.Add("http://127.0.0.1:0");
        site.MapGet(
            "/",
            () =>
                Results.Content(
                    $"<!doctype html><statuspage-widget src=\"{app.BaseAddress}\"></statuspage-widget><script src=widget.js></script>",
                    "text/html"
                )
        );
        site.MapGet("/widget.js", () => Results.File(npm.File("node_modules/@statuspage/status-widget/dist/index.js"), "text/javascript"));
        await site.StartAsync();
        var page = await browser.NewPageAsync(new Uri(site.Urls.First()));
        await page.GotoAsync("/");
        await Expect(page.Locator("statuspage-widget"))
            .ToContainTextAsync(
                summary.RootElement.GetProperty("status").GetProperty("description").GetString()!,
                new() { Timeout = (float)Eventually.Deadline.TotalMilliseconds }
            );
    }

    [Fact]
    public async Task The_backend_of_Backstage_lists_components_and_groups_with_its_host_replaced()
    {
        Assert.SkipWhen(npm.Missing is not null, npm.Missing ?? "");
        await using var app = await AppHost.StartAsync("--Demo", "true");
        var page = await app.PageAsync();
        var key = await app.KeyAsync(page.Id, Role.Auditor);
        using var answers = JsonDocument.Parse(
            await npm.NodeAsync(
                $$"""
                const real = globalThis.fetch;
                globalThis.fetch = (url, options) => real(url.replace('https://api.statuspage.io', '{{app.BaseAddress.ToString().TrimEnd(
                    '/'
                )}}'), options);
                const api = require('./package/dist/service/api.cjs.js');
                const config = [{ name: 'us', pageid: '{{page.Id}}', token: '{{key}}' }];
                Promise.all([api.fetchComponents('us', config), api.fetchComponentGroups('us', config)]).then(all => console.log(JSON.stringify(all)));
                """
            )
        );
        var (components, groups) = (answers.RootElement[0].EnumerateArray().ToList(), answers.RootElement[1].EnumerateArray().ToList());
        // It shows a component by its name and status, and finds those of a group by their ids.
        Assert.All(components, one => Assert.NotEqual("", one.GetProperty("name").GetString()));
        Assert.All(components.Where(one => !one.GetProperty("group").GetBoolean()), one => Assert.NotEqual("", one.GetProperty("status").GetString()));
        var ids = components.Select(one => one.GetProperty("id").GetString()).ToHashSet();
        Assert.NotEmpty(groups);
        Assert.All(groups.SelectMany(one => one.GetProperty("components").EnumerateArray()), id => Assert.Contains(id.GetString(), ids));
    }
}
