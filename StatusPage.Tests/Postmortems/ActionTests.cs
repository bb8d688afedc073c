using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Postmortems;
using StatusPage.Tests.Host;
using StatusPage.Web.Destinations;
using StatusPage.Web.Postmortems;

namespace StatusPage.Tests.Postmortems;

/// <summary>Action items at the desk, by the API and by mail, in either store.</summary>
public abstract class ActionTests : IAsyncLifetime
{
    private readonly MailServer _mail = new();
    private AppHost _app = null!;
    private BrowserSession _owner = null!;
    private ApiClient _api = null!;
    private IncidentId _id;
    private string _component = "";

    protected abstract Task<string?> NewPostgresAsync();

    public async ValueTask InitializeAsync()
    {
        var postgres = await NewPostgresAsync();
        _app = await AppHost.StartAsync([
            .. Desk.Owner,
            "--Email:Smtp",
            _mail.Url,
            .. postgres is null ? Array.Empty<string>() : ["--ConnectionStrings:Postgres", postgres],
        ]);
        _owner = await _app.SignInAsync();
        _api = await _app.ApiAsync();
        _component = (await _app.ComponentAsync()).Id.Value;
        _id = await _api.OverAsync(component: _component);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _api.Dispose();
        _owner.Dispose();
        await _app.DisposeAsync();
        await _mail.DisposeAsync();
    }

    /// <summary>As reminders count days, on a page in UTC.</summary>
    private static DateOnly Today => DateOnly.FromDateTime((DateTimeOffset.UtcNow - ActionReminder.Morning).UtcDateTime);

    private Task LookAsync() => _app.Services.GetRequiredService<ActionWatch>().LookAsync(default);

    private Task<List<string>> KeysAsync() =>
        _app.InStoreAsync(db => db.Notices.Where(row => row.Key.StartsWith("action.")).OrderBy(row => row.Id).Select(row => row.Key).ToListAsync());

    [Fact]
    public async Task An_owner_is_reminded_once_for_each_stage_and_not_when_it_is_done()
    {
        var item = await _app.ItemAsync(_id, "Add alert for X", Desk.Email.ToUpperInvariant(), Today.AddDays(4));
        await _app.ItemAsync(_id, "Of somebody without an account", "Charlie", Today);
        await LookAsync();
        Assert.Empty(await KeysAsync());
        await MoveAsync(Today.AddDays(3));
        await Task.WhenAll(LookAsync(), LookAsync(), LookAsync());
        await LookAsync();
        var mail = await _mail.WaitForAsync(received => received.To == Desk.Email);
        Assert.EndsWith(": Add alert for X", mail.Message.Subject, StringComparison.Ordinal);
        Assert.StartsWith("Due on ", mail.Message.Subject, StringComparison.Ordinal);
        Assert.Contains($"/admin/actions/{item.Id}", mail.Text, StringComparison.Ordinal);
        Assert.Contains("Elevated error rates", mail.Text, StringComparison.Ordinal);
        await MoveAsync(Today);
        await LookAsync();
        await _mail.WaitForAsync(received => received.Message.Subject == "Due today: Add alert for X");
        await MoveAsync(Today.AddDays(-15));
        await LookAsync();
        await LookAsync();
        await _mail.WaitForAsync(received => received.Message.Subject!.StartsWith("Overdue since ", StringComparison.Ordinal));
        Assert.Equal(["soon", "due", "late2"], (await KeysAsync()).Select(key => key.Split('.')[3]));
        Assert.Equal(3, _mail.To(Desk.Email).Count);

        // What waits to be sent is not sent once it is done.
        _mail.Refuse(Desk.Email, 451, 451, 451);
        await MoveAsync(Today.AddDays(-1));
        await LookAsync();
        await Eventually.TrueAsync(
            "it waits",
            () => _app.InStoreAsync(db => db.Notices.AnyAsync(row => row.State == DeliveryState.Queued && row.Attempts == 1))
        );
        await _owner.FillInAsync($"/admin/actions/{item.Id}", new { state = "done" }, "form[action*=Move]");
        await LookAsync();
        Assert.Equal(1, await _app.InStoreAsync(db => db.Notices.CountAsync(row => row.State == DeliveryState.Suppressed)));

        Task<int> MoveAsync(DateOnly due) =>
            _app.InStoreAsync(db =>
                db.ActionItems.Where(row => row.Id == item.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.DueOn, (DateOnly?)due))
            );
    }

    [Fact]
    public async Task Who_writes_of_the_same_component_is_told_what_is_still_open()
    {
        await _app.ItemAsync(_id, "Add alert for X", "Alice", Today);
        var form = (IHtmlFormElement)(await _owner.GetAsync("/admin/incidents/new")).QuerySelector("form[data-compose]")!;
        form.SetAttribute("action", "/admin/incidents/new?handler=Preview");
        var typed = new Dictionary<string, object?>
        {
            ["Title"] = "Again",
            ["Update.Body"] = "It is down again.",
            [$"Update.Components[{_component}]"] = "major_outage",
        };
        var shown = await _owner.SubmitAsync(form, typed);
        Assert.Contains(
            shown.QuerySelectorAll("[data-line]"),
            line => line.TextContent == "Still open from “Elevated error rates”: Add alert for X (Alice)."
        );
    }

    [Fact]
    public async Task The_list_shows_what_is_open_overdue_mine_or_of_somebody_and_findings_count()
    {
        await _app.ItemAsync(_id, "Late one", "Alice", Today.AddDays(-3), "Missing alert");
        await _app.ItemAsync(_id, "My <b>own</b>", Desk.Email, Today.AddDays(9), "missing ALERT");
        var done = await _app.ItemAsync(_id, "Later", null, null, "Unclear process");
        await _owner.FillInAsync($"/admin/actions/{done.Id}", new { state = "dropped" }, "form[action*=Move]");
        Assert.Equal(["Late one", "My <b>own</b>"], await TitlesAsync(""));
        Assert.Equal(["Late one"], await TitlesAsync("?show=overdue"));
        Assert.Equal(["My <b>own</b>"], await TitlesAsync("?show=mine"));
        Assert.Equal(["Late one"], await TitlesAsync("?show=open&owner=ALICE"));
        Assert.Equal(["Late one", "My <b>own</b>", "Later"], await TitlesAsync("?show=all"));
        var rows = (await _owner.GetAsync("/admin/actions/findings")).QuerySelectorAll("tbody tr");
        Assert.Equal(["missing ALERT", "Unclear process"], rows.Select(row => row.QuerySelector("strong")!.TextContent));
        await _owner.SubmitAsync((await _owner.GetAsync("/admin/actions?show=overdue")).QuerySelector<IHtmlFormElement>("td form")!, new { });
        Assert.Equal(["My <b>own</b>"], await TitlesAsync(""));

        async Task<IEnumerable<string>> TitlesAsync(string query) =>
            (await _owner.GetAsync("/admin/actions" + query)).QuerySelectorAll("td.reason > a").Select(link => link.TextContent);
    }

    [Fact]
    public async Task A_later_incident_of_the_same_component_shows_what_is_still_open_and_what_would_have_prevented_it()
    {
        var item = await _app.ItemAsync(_id, "Add alert for X", "Alice");
        await _app.ItemAsync(await _api.OverAsync("Elsewhere"), "Of another component");
        var next = await _api.OpenIncidentAsync(
            new
            {
                name = "Errors again",
                body = "We look.",
                components = new Dictionary<string, string> { [_component] = "major_outage" },
            }
        );
        var page = await _owner.GetAsync($"/admin/incidents/{next.Id}");
        Assert.Equal("Add alert for X", page.QuerySelectorAll("details.card li > a").Single().TextContent);
        await _owner.FillInAsync($"/admin/actions/{item.Id}", new { incident = next.Id }, "form.narrow");
        page = await _owner.GetAsync($"/admin/incidents/{next.Id}");
        Assert.Contains("Add alert for X", page.QuerySelector("[aria-label='What is learned'] .items:last-child")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("would have prevented", (await _owner.GetAsync($"/admin/actions/{item.Id}")).Body!.TextContent, StringComparison.Ordinal);
        await _owner.FillInAsync($"/admin/actions/{item.Id}", new { }, "form.inline");
        Assert.Equal(0, await _app.InStoreAsync(db => db.Preventions.CountAsync()));
    }

    [Fact]
    public async Task It_is_written_at_the_desk_and_a_late_form_is_told()
    {
        await _owner.FillInAsync(
            PostmortemActs.PathOf(_id),
            new Dictionary<string, object?>
            {
                ["Item.Title"] = "Improve database monitoring",
                ["Item.Owner"] = "Bob",
                ["Item.DueOn"] = "2027-01-20",
            },
            "form[action*=Item]"
        );
        var item = await _app.InStoreAsync(db => db.ActionItems.AsNoTracking().SingleAsync());
        Assert.Equal(("Bob", new DateOnly(2027, 1, 20)), (item.Owner, item.DueOn));
        var path = $"/admin/actions/{item.Id}";
        var late = (await _owner.GetAsync(path)).QuerySelector<IHtmlFormElement>("form.wide")!;
        await _owner.FillInAsync(path, new Dictionary<string, object?> { ["Form.Finding"] = "Slow detection" }, "form.wide");
        var told = await _owner.SubmitAsync(late, new Dictionary<string, object?> { ["Form.Title"] = "Mine" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, _owner.Status);
        Assert.Equal("Mine", told.QuerySelector<IHtmlInputElement>("[name='Form.Title']")!.Value);
        var refused = await _owner.FillInAsync(path, new Dictionary<string, object?> { ["Form.Title"] = " " }, "form.wide");
        Assert.NotEqual("", refused.ErrorFor("Form.Title"));
        await _app.AccountAsync("adam@acme.example", Role.Auditor);
        using var adam = await _app.SignInAsync("adam@acme.example");
        var token = (await adam.GetAsync("/admin/account")).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value");
        Assert.Empty((await adam.GetAsync(path)).QuerySelectorAll("main form"));
        await adam.SubmitAsync(late, new Dictionary<string, object?> { ["__RequestVerificationToken"] = token });
        Assert.Equal(HttpStatusCode.Forbidden, adam.Status);
    }

    [Fact]
    public async Task The_api_adds_changes_and_removes_them_and_repeats_a_lost_answer()
    {
        var list = $"incidents/{_id}/action_items";
        var body = new
        {
            action_item = new
            {
                title = "Add alert for X",
                owner = "Alice",
                due_on = "2027-01-15",
                finding = "Missing alert",
            },
        };
        var made = (await _api.PostAsync(list, body, "k")).Expect(HttpStatusCode.Created);
        Assert.Equal(made.Id, (await _api.PostAsync(list, body, "k")).Expect(HttpStatusCode.Created).Id);
        // The answer was lost together with the program.
        await _app.InStoreAsync(db =>
            db.IdempotentRequests.ExecuteUpdateAsync(set =>
                set.SetProperty(row => row.Answer, (byte[]?)null)
                    .SetProperty(row => row.Status, (int?)null)
                    .SetProperty(row => row.At, DateTimeOffset.UtcNow.AddHours(-1))
            )
        );
        Assert.Equal(made.Id, (await _api.PostAsync(list, body, "k")).Expect(HttpStatusCode.Created).Id);
        Assert.Equal(
            ("Alice", "2027-01-15", "open", "Missing alert", 0),
            (made.Text("owner"), made.Text("due_on"), made.Text("state"), made.Text("finding"), made.Json.GetProperty("links").GetArrayLength())
        );
        var one = $"{list}/{made.Id}";
        var changed = (await _api.PatchAsync(one, new { action_item = new { state = "done", owner = (string?)null } })).Expect(HttpStatusCode.OK);
        Assert.Equal(
            ("Add alert for X", JsonValueKind.Null, "done", "2027-01-15"),
            (changed.Text("title"), changed.Json.GetProperty("owner").ValueKind, changed.Text("state"), changed.Text("due_on"))
        );
        Assert.Equal(made.Id, (await _api.GetAsync(list)).Json.EnumerateArray().Single().GetProperty("id").GetString());
        (await _api.PatchAsync(one, new { action_item = new { due_on = "soon" } })).ExpectError(HttpStatusCode.UnprocessableEntity);
        (await _api.PatchAsync(one, new { action_item = new { state = "begun" } })).ExpectError(HttpStatusCode.UnprocessableEntity);
        (await _api.PatchAsync(one, new { action_item = new { title = "" } })).ExpectError(HttpStatusCode.UnprocessableEntity);
        (await _api.GetAsync($"incidents/{await _api.OverAsync("Other")}/action_items/{made.Id}")).ExpectError(HttpStatusCode.NotFound);
        using var reader = await _app.ApiAsync(Role.Auditor);
        (await reader.DeleteAsync(one)).ExpectError(HttpStatusCode.Forbidden);
        using var narrow = await _app.ApiAsync(scopes: "components:write");
        (await narrow.GetAsync(list)).ExpectError(HttpStatusCode.Forbidden);
        (await _api.DeleteAsync(one)).Expect(HttpStatusCode.NoContent);
        Assert.Equal(0, (await _api.GetAsync(list)).Json.GetArrayLength());
        Assert.Equal(
            ["actionitem.added", "actionitem.done", "actionitem.removed"],
            await _app.InStoreAsync(db =>
                db.Audit.Where(row => row.Action.StartsWith("actionitem.")).OrderBy(row => row.Id).Select(row => row.Action).ToListAsync()
            )
        );
    }

    [Fact]
    public async Task Publishing_by_the_api_tells_subscribers_where_it_is_asked_to()
    {
        await _app.SubscriberAsync("ann@customer.example");
        await _api.SendTextAsync(HttpMethod.Put, $"incidents/{_id}/postmortem", """{"postmortem":{"body_draft":"A full disk."}}""");
        (await _api.SendAsync(HttpMethod.Put, $"incidents/{_id}/postmortem/publish", null)).Expect(HttpStatusCode.OK);
        Assert.False((await _api.GetAsync($"incidents/{_id}")).Json.GetProperty("postmortem_notified_subscribers").GetBoolean());
        var told = await _api.SendAsync(
            HttpMethod.Put,
            $"incidents/{_id}/postmortem/publish",
            JsonContent.Create(new { postmortem = new { notify_subscribers = true, notify_twitter = false } })
        );
        Assert.True(told.Expect(HttpStatusCode.OK).Json.GetProperty("notify_subscribers").GetBoolean());
        await _mail.WaitForAsync(received =>
            received.To == "ann@customer.example" && received.Message.Subject!.Contains("Postmortem: Elevated error rates", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Another_system_gets_the_whole_document_and_each_item_with_its_incident()
    {
        await _owner.BeginPostmortemAsync(_id);
        await _owner.WritePostmortemAsync(_id, "Root Cause", "A bad index.");
        var item = await _app.ItemAsync(_id, "Add alert for X", "Alice", Today);
        var page = await _app.PageAsync();
        var document = await _app.InScopeAsync(services => services.GetRequiredService<IDestinationSource>().PostmortemAsync(page.Id, _id, default));
        Assert.Equal(("Postmortem: Elevated error rates", 2, "A bad index."), (document!.Title, document.Revision, document.RootCause));
        Assert.EndsWith($"/incidents/{_id}", document.Url, StringComparison.Ordinal);
        Assert.Contains("- [ ] Add alert for X (Owner: Alice, Due: ", document.Markdown, StringComparison.Ordinal);
        Assert.Equal(3, document.Timeline.Count);
        var found = await _app.InScopeAsync(services => services.GetRequiredService<IDestinationSource>().ActionItemAsync(page.Id, item.Id, default));
        Assert.Equal(("Elevated error rates", document.Url), (found!.IncidentTitle, found.IncidentUrl));
        var other = await _app.AddPageAsync("Beside", "beside");
        Assert.Null(await _app.InScopeAsync(services => services.GetRequiredService<IDestinationSource>().ActionItemAsync(other.Id, item.Id, default)));
        Assert.Null(await _app.InScopeAsync(services => services.GetRequiredService<IDestinationSource>().PostmortemAsync(other.Id, _id, default)));
    }
}

public sealed class SqliteActionTests : ActionTests
{
    protected override Task<string?> NewPostgresAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresActionTests(PostgresServer postgres) : ActionTests
{
    [Fact]
    public async Task Of_two_nodes_one_reminds()
    {
        await using var mail = new MailServer();
        string[] args = ["--Email:Smtp", mail.Url, "--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync(), .. Desk.Owner];
        await using var one = await AppHost.StartAsync(args);
        await using var two = await AppHost.StartAsync(args);
        using var api = await one.ApiAsync();
        var id = await api.OverAsync();
        for (var item = 0; item < 3; item++)
            await one.ItemAsync(id, $"Item {item}", Desk.Email, DateOnly.FromDateTime(DateTime.UtcNow).AddDays(-1));
        await Task.WhenAll(
            Enumerable.Range(0, 6).Select(look => (look % 2 == 0 ? one : two).Services.GetRequiredService<ActionWatch>().LookAsync(default))
        );
        foreach (var node in new[] { one, two })
            await node.Services.GetRequiredService<ActionWatch>().LookAsync(default);
        await mail.WaitForCountAsync(3);
        Assert.Equal(3, await one.InStoreAsync(db => db.Notices.CountAsync(row => row.Key.StartsWith("action."))));
        Assert.Equal(3, mail.Received.Select(received => received.Message.Subject).Distinct().Count());
    }

    protected override async Task<string?> NewPostgresAsync() => await postgres.CreateDatabaseAsync();
}
