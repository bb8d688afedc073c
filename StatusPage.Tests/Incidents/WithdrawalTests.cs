using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Components;
using StatusPage.Domain.Deliveries;
using StatusPage.Tests.Host;
using StatusPage.Web.Public;

namespace StatusPage.Tests.Incidents;

/// <summary>Posts are corrected or withdrawn, with a public trace.</summary>
public sealed class WithdrawalTests : IAsyncLifetime
{
    private readonly MailServer _mail = new();
    private AppHost _app = null!;
    private BrowserSession _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync([
            .. Desk.Owner,
            "--Page:TimeZone",
            "America/Los_Angeles",
            "--Email:Smtp",
            _mail.Url,
            "--Email:From",
            "Acme <status@acme.example>",
        ]);
        _owner = await _app.SignInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _app.DisposeAsync();
        await _mail.DisposeAsync();
    }

    [Fact]
    public async Task A_correction_shows_what_it_said_before_and_is_told()
    {
        var component = await _app.ComponentAsync("API");
        await _app.SubscriberAsync("ann@customer.example");
        var (incident, first) = await PostAsync("We lost **all** your data.", component.Id.Value);
        await _mail.WaitForCountAsync(1);
        var path = $"/admin/incidents/{incident}/updates/{first}";
        await _owner.FillInAsync(path, new { Body = "We lost **no** data.", Tells = "true" }, "form[action*=Correct]");
        Assert.Equal($"/admin/incidents/{incident}", _owner.Location.AbsolutePath);

        var page = await _owner.GetAsync($"/incidents/{incident}");
        var entry = page.QuerySelector($"[id='{first}']")!;
        Assert.Equal("We lost no data.", entry.QuerySelector(".body")!.TextContent.Trim());
        Assert.Contains("We lost all your data.", entry.QuerySelector("details blockquote")!.TextContent, StringComparison.Ordinal);
        Assert.StartsWith("Corrected", entry.QuerySelector("details summary")!.TextContent.Trim(), StringComparison.Ordinal);
        foreach (var other in new[] { "/", "/history" })
            Assert.Contains("We lost no data.", (await _owner.GetAsync(other)).Body!.TextContent, StringComparison.Ordinal);
        var feed = await _app.Http.GetStringAsync("/history.atom");
        Assert.Contains("Corrected", feed, StringComparison.Ordinal);
        Assert.DoesNotContain("all&lt;", feed, StringComparison.Ordinal);

        await _mail.WaitForCountAsync(2);
        var told = _mail.To("ann@customer.example")[^1];
        Assert.EndsWith("] Correction: Elevated error rates on our API", told.Message.Subject, StringComparison.Ordinal);
        Assert.Matches(
            "(?s)This corrects what we said on .*It said before:\r?\n> We lost all your data\\..*It says now:\r?\nWe lost no data\\.",
            told.Text
        );
        foreach (var said in new[] { "<strong>all</strong> your data", "<strong>no</strong> data" })
            Assert.Contains(said, told.Html, StringComparison.Ordinal);
        var row = await _app.InStoreAsync(db => db.Audit.SingleAsync(act => act.Action == "update.corrected"));
        Assert.Contains("We lost **all** your data.", row.Changes, StringComparison.Ordinal);

        // A program sees the change, and can correct too.
        using var api = await _app.ApiAsync();
        var answer = (
            await api.PatchAsync($"incidents/{incident}/incident_updates/{first}", new { incident_update = new { body = "We lost nothing." } })
        ).Expect(HttpStatusCode.OK);
        Assert.Equal("We lost nothing.", answer.Text("body"));
        Assert.NotEqual(answer.Text("created_at"), answer.Text("updated_at"));
        (await api.PatchAsync($"incidents/{incident}/incident_updates/abcdefghijkl", new { incident_update = new { body = "x" } })).ExpectError(
            HttpStatusCode.NotFound
        );
        Assert.Equal(2, (await _owner.GetAsync($"/incidents/{incident}")).QuerySelectorAll("details.before blockquote").Length);
    }

    [Fact]
    public async Task Nothing_changed_is_nothing_to_correct_and_a_conflict_keeps_what_was_typed()
    {
        var (incident, first) = await PostAsync("We look into it.");
        var path = $"/admin/incidents/{incident}/updates/{first}";
        var answer = await _owner.FillInAsync(path, new { }, "form[action*=Correct]");
        Assert.Contains("Nothing was changed", answer.ErrorFor("Body"), StringComparison.Ordinal);
        var form = (await _owner.GetAsync(path)).QuerySelector<IHtmlFormElement>("form[action*=Correct]")!;
        await _owner.FillInAsync($"/admin/incidents/{incident}", new Dictionary<string, object?> { ["Update.Body"] = "Second." }, "form[data-compose]");
        await _owner.GetAsync(path);
        answer = await _owner.SubmitAsync(form, new { Body = "Typed in vain?" });
        Assert.Contains("Somebody else changed this incident", answer.Summary(), StringComparison.Ordinal);
        Assert.Equal("Typed in vain?", answer.QuerySelector("#Body")!.TextContent.Trim());
        answer = await _owner.SubmitAsync(answer.QuerySelector<IHtmlFormElement>("form[action*=Correct]")!, new { });
        Assert.Equal($"/admin/incidents/{incident}", _owner.Location.AbsolutePath);
    }

    [Fact]
    public async Task What_was_withdrawn_is_in_no_public_byte_and_its_trace_is()
    {
        var component = await _app.ComponentAsync("API");
        var (incident, _) = await PostAsync("We look into it.", component.Id.Value);
        await _owner.FillInAsync(
            $"/admin/incidents/{incident}",
            new Dictionary<string, object?>
            {
                ["Update.Body"] = "The zebra got out.",
                ["Update.ImpactSummary"] = "Zebra everywhere",
                [$"Update.Components[{component.Id}]"] = "major_outage",
                ["Update.Phase"] = "identified",
            },
            "form[data-compose]"
        );
        Assert.Equal(ComponentStatus.MajorOutage, await StatusAsync());
        var wrong = await _app.InStoreAsync(async db => (await db.Incidents.Include(row => row.Updates).SingleAsync()).Latest.Id);

        var refused = await _owner.FillInAsync($"/admin/incidents/{incident}/updates/{wrong}", new { Because = " " }, "form[action*=Withdraw]");
        Assert.NotEqual("", refused.ErrorFor("Because"));
        await _owner.FillInAsync($"/admin/incidents/{incident}/updates/{wrong}", new { Because = "It was the wrong incident." }, "form[action*=Withdraw]");
        Assert.Equal(ComponentStatus.PartialOutage, await StatusAsync());
        var entry = (await _owner.GetAsync($"/incidents/{incident}")).QuerySelector($"[id='{wrong}']")!;
        Assert.Contains("It was the wrong incident.", entry.QuerySelector(".withdrawn")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("We look into it.", (await _owner.GetAsync("/")).QuerySelector(".incident .body")!.TextContent, StringComparison.Ordinal);
        await AssertNowhereAsync("zebra");
        using var api = await _app.ApiAsync();
        Assert.DoesNotContain("zebra", (await api.GetAsync($"incidents/{incident}")).Json.GetRawText(), StringComparison.OrdinalIgnoreCase);
        // The audit keeps it.
        Assert.True(await _app.InStoreAsync(db => db.Audit.AnyAsync(row => row.Changes!.Contains("zebra"))));

        Task<ComponentStatus> StatusAsync() => _app.StateAsync();
    }

    [Fact]
    public async Task An_incident_opened_by_mistake_is_taken_back_as_a_whole()
    {
        var component = await _app.ComponentAsync("API");
        await _app.SubscriberAsync("ann@customer.example");
        var (incident, _) = await PostAsync("The zebra got out.", component.Id.Value, "major_outage");
        await _mail.WaitForCountAsync(1);
        await _owner.FillInAsync($"/admin/incidents/{incident}", new { Because = "It was an exercise." }, "form[action*=Withdraw]");
        await AssertNowhereAsync("zebra");
        var page = await _owner.GetAsync($"/incidents/{incident}");
        Assert.StartsWith("Withdrawn", page.QuerySelector(".single > .when")!.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Contains("It was an exercise.", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("All systems", (await _owner.GetAsync("/")).QuerySelector("h1")!.TextContent, StringComparison.OrdinalIgnoreCase);
        await _mail.WaitForCountAsync(2);
        var told = _mail.To("ann@customer.example")[^1];
        Assert.Contains("posted by mistake", told.Text, StringComparison.Ordinal);
        // Nothing was resolved, so the mail does not say so and is not green.
        Assert.EndsWith("] Withdrawn: Elevated error rates on our API", told.Message.Subject, StringComparison.Ordinal);
        Assert.DoesNotContain("resolved", told.Html + told.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Web.Public.Badges.Badge.ColourOf(ComponentStatus.Operational), told.Html, StringComparison.OrdinalIgnoreCase);
        // Minutes of an outage that never happened do not count.
        var view = _app.Services.GetRequiredService<PublicSites>().First.Current!.Snapshot.Components.Single();
        Assert.Empty(view.Uptime.Troubled);
        Assert.Null((await _owner.GetAsync($"/admin/incidents/{incident}")).QuerySelector("form[data-compose]"));
    }

    [Fact]
    public async Task A_correction_is_told_to_nobody_unless_that_is_ticked()
    {
        await _app.SubscriberAsync("ann@customer.example");
        var (incident, first) = await PostAsync("We lost **all** your data.");
        await _owner.FillInAsync($"/admin/incidents/{incident}/updates/{first}", new { Body = "We lost **no** data." }, "form[action*=Correct]");
        Assert.Equal(1, await _app.InStoreAsync(db => db.Announcements.CountAsync()));
    }

    [Fact]
    public async Task What_was_not_sent_when_it_was_withdrawn_is_not_sent()
    {
        await PostAsync("We look into it.");
        await _app.SubscriberAsync("ann@customer.example");
        // At first the mail server refuses it.
        _mail.Refuse("ann@customer.example", 451);
        var incident = await _app.InStoreAsync(db => db.Incidents.Select(row => row.Id).SingleAsync());
        await _owner.FillInAsync(
            $"/admin/incidents/{incident}",
            new Dictionary<string, object?> { ["Update.Body"] = "The zebra got out." },
            "form[data-compose]"
        );
        await Eventually.TrueAsync(
            "a first attempt",
            () => _app.InStoreAsync(db => db.Deliveries.AnyAsync(row => row.Attempts > 0 && row.LastError != null))
        );
        var update = await _app.InStoreAsync(async db => (await db.Incidents.Include(row => row.Updates).SingleAsync()).Latest.Id);
        await _owner.FillInAsync($"/admin/incidents/{incident}/updates/{update}", new { Because = "Wrong incident." }, "form[action*=Withdraw]");
        await _app.InStoreAsync(db => db.Deliveries.ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAttemptAt, DateTimeOffset.UtcNow)));
        await Eventually.TrueAsync(
            "it is suppressed",
            () => _app.InStoreAsync(db => db.Deliveries.AnyAsync(row => row.State == DeliveryState.Suppressed))
        );
        Assert.Empty(_mail.Received);
    }

    [Fact]
    public async Task Who_may_not_publish_corrects_nothing_and_only_owners_delete()
    {
        var (incident, update) = await PostAsync("We look into it.");
        await _app.AccountAsync("rita@acme.example", Role.Responder);
        await _app.AccountAsync("carl@acme.example", Role.Comms);
        using var rita = await _app.SignInAsync("rita@acme.example");
        Assert.DoesNotContain("Correct or withdraw", (await rita.GetAsync($"/admin/incidents/{incident}")).Body!.TextContent, StringComparison.Ordinal);
        await rita.GetAsync($"/admin/incidents/{incident}/updates/{update}");
        Assert.Equal(HttpStatusCode.Forbidden, rita.Status);
        using var carl = await _app.SignInAsync("carl@acme.example");
        Assert.Null((await carl.GetAsync($"/admin/incidents/{incident}")).QuerySelector("form[action*=Delete]"));
        Assert.NotNull((await _owner.GetAsync($"/admin/incidents/{incident}")).QuerySelector("form[action*=Delete]"));
    }

    private async Task<(IncidentId Incident, UpdateId Update)> PostAsync(string body, string? component = null, string status = "partial_outage")
    {
        await _owner.FillInAsync(
            "/admin/incidents/new",
            new Dictionary<string, object?>(Desk.Example(component, status)) { ["Update.Body"] = body },
            "form[data-compose]"
        );
        return await _app.InStoreAsync(async db =>
        {
            var incident = await db.Incidents.Include(row => row.Updates).SingleAsync();
            return (incident.Id, incident.Latest.Id);
        });
    }

    private async Task AssertNowhereAsync(string word)
    {
        foreach (var (path, made) in await _app.Services.GetRequiredService<PublicSites>().First.Current!.AllAsync())
            Assert.False(Encoding.UTF8.GetString(made.Document.Plain.Body).Contains(word, StringComparison.OrdinalIgnoreCase), path);
    }
}
