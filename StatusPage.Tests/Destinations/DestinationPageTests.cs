using System.Net;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Destinations;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Destinations;

/// <summary>Destinations at the desk, and by commands.</summary>
public sealed class DestinationPageTests : IAsyncLifetime
{
    private AppHost _app = null!;
    private BrowserSession _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync(DestinationApp.Args);
        _owner = await _app.SignInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task An_owner_adds_tries_and_changes_a_destination_and_its_secrets_are_never_shown()
    {
        await using var there = await GitHubServer.StartAsync();
        var values = new Dictionary<string, object?>
        {
            ["Name"] = "Issues",
            ["BaseUrl"] = there.Url,
            ["Fields[repository]"] = "acme",
            ["Fields[token]"] = "gh_t0ken",
        };
        var page = await _owner.FillInAsync("/admin/destinations/new?kind=github", values, "main form");
        Assert.Equal("Enter the repository as owner/name, such as acme/api.", page.ErrorFor("Fields[repository]"));
        values["Fields[repository]"] = "acme/api";
        page = await _owner.FillInAsync("/admin/destinations/new?kind=github", values, "main form");
        var at = _owner.Location.AbsolutePath;
        Assert.StartsWith("/admin/destinations/", at, StringComparison.Ordinal);
        var steps = page.QuerySelectorAll("main ol > li");
        Assert.Equal(5, steps.Length);
        var stored = await _app.InStoreAsync(db => db.Destinations.AsNoTracking().SingleAsync());
        Assert.Contains($"/hooks/destinations/{stored.Id}", steps[4].TextContent, StringComparison.Ordinal);
        var secret = page.QuerySelector("main .card pre")!.TextContent;
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        page = await _owner.GetAsync(at);
        Assert.DoesNotContain(secret, page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.DoesNotContain("gh_t0ken", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        page = await _owner.SubmitAsync(page.Form("Test"), new { });
        Assert.StartsWith("It works.", page.QuerySelector("main .card .good")!.TextContent, StringComparison.Ordinal);
        // The token stays, unless the address is another server's.
        page = await _owner.FillInAsync(at, new Dictionary<string, object?> { ["Name"] = "Renamed", ["Fields[labels]"] = "later" }, "main form");
        Assert.Equal("Renamed", page.QuerySelector("h1")!.TextContent);
        page = await _owner.FillInAsync(at, new Dictionary<string, object?> { ["BaseUrl"] = "http://127.0.0.1:1" }, "main form");
        Assert.Equal("Enter the token.", page.ErrorFor("Fields[token]"));
        there.Fail("GET", "", new(401, """{"message":"Bad credentials"}"""));
        page = await _owner.SubmitAsync((await _owner.GetAsync(at)).Form("Test"), new { });
        Assert.Contains("does not accept the token", page.QuerySelector("main .card .bad")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("in trouble", (await _owner.GetAsync("/admin/destinations")).Body!.TextContent, StringComparison.Ordinal);
        foreach (var entry in await _app.InStoreAsync(db => db.Audit.AsNoTracking().ToListAsync()))
            Assert.DoesNotContain("t0ken", entry.Changes ?? "", StringComparison.Ordinal);
        page = await _owner.SubmitAsync((await _owner.GetAsync("/admin/destinations")).Form("Turn"), new { });
        Assert.False((await _app.InStoreAsync(db => db.Destinations.AsNoTracking().SingleAsync())).IsOn);
        await _owner.SubmitAsync((await _owner.GetAsync("/admin/destinations")).Form("Remove"), new { });
        Assert.Empty(await _app.InStoreAsync(db => db.Destinations.AsNoTracking().ToListAsync()));
    }

    [Fact]
    public async Task What_was_deleted_there_is_made_anew_or_forgotten()
    {
        await using var there = await GitHubServer.StartAsync();
        var at = $"/admin/destinations/{(await _app.GitHubAsync(there)).Id}";
        using var api = await _app.ApiAsync();
        var incident = await api.LearnedAsync();
        var item = await _app.ItemAsync(incident, "Add alert for X");
        await SendAsync("1");
        Assert.Empty((await _owner.GetAsync(at)).QuerySelectorAll("form[action*=Anew], form[action*=Forget]"));
        await DeleteAsync();
        var page = await _owner.GetAsync(at);
        Assert.Contains("If somebody deleted it, choose 'Make it anew'", page.QuerySelector("td .reason")!.TextContent, StringComparison.Ordinal);
        await _owner.SubmitAsync(page.Form("Anew"), new { });
        await _app.LinkAsync("it is made anew", link => link is { State: LinkState.Linked, RemoteId: "2", NextAttemptAt: null });
        await DeleteAsync();
        await _owner.SubmitAsync((await _owner.GetAsync(at)).Form("Forget"), new { });
        Assert.Equal(0, await _app.InStoreAsync(db => db.DestinationLinks.CountAsync()));
        await SendAsync("3");
        Assert.Equal(
            ["destination.forgotten", "destination.made-anew"],
            await _app.InStoreAsync(db =>
                db.Audit.Where(row => row.Action == "destination.forgotten" || row.Action == "destination.made-anew")
                    .Select(row => row.Action)
                    .OrderBy(action => action)
                    .ToListAsync()
            )
        );

        async Task SendAsync(string? number)
        {
            await api.PostAsync($"incidents/{incident}/action_items/send", new { destination = "GitHub" });
            if (number is not null)
                await _app.LinkAsync("it is there", link => link is { State: LinkState.Linked, NextAttemptAt: null } && link.RemoteId == number);
        }

        async Task DeleteAsync()
        {
            there.All[^1] = there.All[^1] with { Number = 90 + there.Made, Body = "" };
            await api.PatchAsync($"incidents/{incident}/action_items/{item.Id}", new { action_item = new { title = $"Add {there.Made} alerts" } });
            await SendAsync(null);
            await _app.LinkAsync("it stopped", link => link.State == LinkState.Stopped);
        }
    }

    [Fact]
    public async Task After_a_change_of_the_address_what_was_made_is_told_as_made_at_the_former_one()
    {
        await using var there = await ConfluenceServer.StartAsync();
        await using var elsewhere = await ConfluenceServer.StartAsync();
        var destination = await _app.ConfluenceAsync(there);
        using var api = await _app.ApiAsync();
        var incident = await api.LearnedAsync();
        await api.PostAsync($"incidents/{incident}/postmortem/send", new { destination = "Confluence" });
        await _app.LinkAsync("it is linked", link => link is { State: LinkState.Linked, NextAttemptAt: null });
        var page = await _owner.FillInAsync(
            $"/admin/destinations/{destination.Id}",
            new Dictionary<string, object?> { ["BaseUrl"] = elsewhere.Url, ["Fields[token]"] = "t0ken" },
            "main form"
        );
        Assert.Contains("What was made before stays where it is", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("at the former address", page.QuerySelector("tbody")!.TextContent, StringComparison.Ordinal);
        var shown = await _owner.GetAsync($"/admin/incidents/{incident}/postmortem");
        Assert.Contains(DestinationLink.Elsewhere, shown.QuerySelector("td.reason")!.TextContent, StringComparison.Ordinal);
        await api.PostAsync($"incidents/{incident}/postmortem/send", new { destination = "Confluence" });
        var link = await _app.LinkAsync("it is made there", row => row is { FormerUrl: not null, State: LinkState.Linked, NextAttemptAt: null });
        Assert.Equal((1, 1, there.Url), (there.Made, elsewhere.Made, new Uri(link.FormerUrl!).GetLeftPart(UriPartial.Authority)));
        page = await _owner.GetAsync($"/admin/destinations/{destination.Id}");
        Assert.Equal(link.FormerUrl, page.QuerySelector("td .reason a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task Every_kind_has_its_form_and_names_are_unique()
    {
        foreach (var kind in DestinationKinds.All)
        {
            var page = await _owner.GetAsync($"/admin/destinations/new?kind={kind.Code()}");
            Assert.Equal(HttpStatusCode.OK, _owner.Status);
            Assert.Equal(5, page.QuerySelectorAll("main ol > li").Length);
            foreach (var field in DestinationField.Of(kind))
                Assert.NotNull(page.QuerySelector($"label[for='field-{field.Name}']"));
        }
        var values = new Dictionary<string, object?> { ["Name"] = "One", ["BaseUrl"] = "https://acme.test/in" };
        await _owner.FillInAsync("/admin/destinations/new?kind=webhook", values, "main form");
        var second = await _owner.FillInAsync("/admin/destinations/new?kind=webhook", values, "main form");
        Assert.Equal("There is a destination 'One' already. Choose another name.", second.ErrorFor("Name"));
    }

    [Fact]
    public async Task Another_pages_destination_is_not_found_and_only_owners_come_in()
    {
        var beside = await _app.AddPageAsync("Beside", "beside");
        var theirs = await _app.DestinationAsync(DestinationKind.Webhook, "https://acme.test/in", [], "Theirs", beside.Id);
        await _owner.GetAsync($"/admin/destinations/{theirs.Id}");
        Assert.Equal(HttpStatusCode.NotFound, _owner.Status);
        Assert.DoesNotContain("Theirs", (await _owner.GetAsync("/admin/destinations")).Body!.TextContent, StringComparison.Ordinal);
        await _app.AccountAsync("comms@acme.example", Role.Comms);
        using var comms = await _app.SignInAsync("comms@acme.example");
        await comms.GetAsync("/admin/destinations");
        Assert.NotEqual(HttpStatusCode.OK, comms.Status);
        Assert.DoesNotContain("/admin/destinations", (await comms.GetAsync("/admin/setup")).Body!.InnerHtml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_set_up_and_try_a_destination()
    {
        await using var there = await GitHubServer.StartAsync();
        using var folder = new TempFolder();
        await EmptyStore.CopyToAsync(folder.Path);
        await using (await AppHost.StartAsync(folder, null, DestinationApp.Args))
        {
            // The first start makes the page.
        }
        string[] data = ["--DataDirectory", folder.Path, "--Outbound:Allow", "127.0.0.0/8"];
        var (code, output) = await AppCommand.RunAsync([
            "destination",
            "create",
            "--kind",
            "github",
            "--name",
            "Issues",
            "--url",
            there.Url,
            "--set",
            "repository=acme/api",
            "--set",
            "token=gh_t0ken",
            .. data,
        ]);
        Assert.True(code == 0, output);
        Assert.Matches("^/hooks/destinations/[a-z0-9]{12}\\s+whsec_\\S+\\s*$", output);
        (code, output) = await AppCommand.RunAsync(["destination", "test", "Issues", .. data]);
        Assert.True(code == 0, output);
        Assert.Equal("Issues works. The issues of acme/api are there, and the token may read them.", output.Trim());
        there.Fail("GET", "", new(401, "{}"));
        (code, output) = await AppCommand.RunAsync(["destination", "test", "Issues", .. data]);
        Assert.Equal(1, code);
        Assert.StartsWith("Issues does not work. 127.0.0.1 does not accept the token (401).", output.Trim(), StringComparison.Ordinal);
        Assert.Single(output.Trim().Split('\n'));
    }
}
