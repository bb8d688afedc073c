using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Incidents;
using StatusPage.Tests.Host;
using StatusPage.Web.Shared;

namespace StatusPage.Tests.Incidents;

public sealed class IncidentDeskTests : IAsyncLifetime
{
    private AppHost _app = null!;
    private BrowserSession _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync(Desk.Owner);
        _owner = await _app.SignInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task An_incident_opened_at_the_desk_is_on_the_page_when_its_author_sees_it()
    {
        var api = await _app.ComponentAsync();
        var page = await _owner.FillInAsync("/admin/incidents/new", Desk.Example(api.Id.Value), "main form");
        Assert.Equal(HttpStatusCode.OK, _owner.Status);
        Assert.StartsWith("/admin/incidents/", _owner.Location.AbsolutePath, StringComparison.Ordinal);
        Assert.Contains("Posted", page.Body!.TextContent, StringComparison.Ordinal);
        var home = await _app.NewBrowser().GetAsync("/");
        Assert.Equal("API is partly down", home.QuerySelector(".band h1")!.TextContent);
        var facts = home.QuerySelector(".incident .facts")!.TextContent;
        Assert.Contains("~15% of requests failing", facts, StringComparison.Ordinal);
        Assert.Contains("Working on identifying root cause", facts, StringComparison.Ordinal);
        Assert.Contains("Next update by", facts, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Title", "", "Title")]
    [InlineData("Update.Body", " ", "Update.Body")]
    [InlineData("Update.NextUpdateIn", "soon", "Update.NextUpdateIn")]
    [InlineData("Update.Phase", "panic", "Update.Phase")]
    [InlineData("Severity", "SEV9", "Severity")]
    public async Task A_mistake_stands_beside_its_field_and_nothing_typed_is_lost(string field, string value, string beside)
    {
        var values = Desk.Example();
        values[field] = value;
        var page = await _owner.FillInAsync("/admin/incidents/new", values, "main form");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, _owner.Status);
        Assert.NotEqual("", page.ErrorFor(beside));
        if (field != "Title")
            Assert.Equal((string)values["Title"]!, page.QuerySelector("#Title")!.GetAttribute("value"));
        if (field != "Update.Body")
            Assert.Contains("elevated error rates", page.QuerySelector("#Update_Body")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(0, await _app.InStoreAsync(db => db.Incidents.CountAsync()));
    }

    [Fact]
    public async Task An_incident_with_an_impact_and_no_component_is_asked_about_once_and_nothing_is_lost()
    {
        await _app.ComponentAsync("Search");
        var values = Desk.Example();
        values.Remove("NoComponents");
        var page = await _owner.FillInAsync("/admin/incidents/new", values, "main form");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, _owner.Status);
        Assert.Contains("No component is named", page.Summary(), StringComparison.Ordinal);
        Assert.Contains("“Partial outage”", page.Summary(), StringComparison.Ordinal);
        Assert.Equal(0, await _app.InStoreAsync(db => db.Incidents.CountAsync()));
        var form = page.QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        Assert.Equal("SEV2", form.QuerySelector<IHtmlInputElement>("[name=Severity]:checked")!.Value);
        Assert.Contains("elevated error rates", form.QuerySelector("#Update_Body")!.TextContent, StringComparison.Ordinal);
        // With the box ticked, it is posted as it was typed.
        await _owner.SubmitAsync(form, new { NoComponents = "true" });
        var incident = await _app.InStoreAsync(db => db.Incidents.AsNoTracking().Include(row => row.Updates).SingleAsync());
        Assert.Equal((Severity.Sev2, Impact.Major, "~15% of requests failing"), (incident.Severity, incident.Impact, incident.Latest.ImpactSummary));
        var home = await _owner.GetAsync("/");
        Assert.Contains("partial_outage", home.QuerySelector(".band")!.ClassList);
        Assert.Contains("\"indicator\":\"major\"", await _app.Http.GetStringAsync("/api/v2/status.json"), StringComparison.Ordinal);
        Assert.Contains("partial outage", await _app.Http.GetStringAsync("/badges/overall.svg"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_says_that_nothing_is_hit_or_names_what_is_or_has_nothing_to_name_is_not_asked()
    {
        var values = Desk.Example();
        values.Remove("NoComponents");
        await _owner.FillInAsync("/admin/incidents/new", values, "main form");
        Assert.Equal((HttpStatusCode.OK, 1), (_owner.Status, await _app.InStoreAsync(db => db.Incidents.CountAsync())));
        var component = await _app.ComponentAsync("Search");
        foreach (var (field, value) in new[] { ("Impact", "none"), ("Severity", ""), ($"Update.Components[{component.Id}]", "partial_outage") })
        {
            await _owner.FillInAsync("/admin/incidents/new", new Dictionary<string, object?>(values) { [field] = value }, "main form");
            Assert.True(_owner.Status == HttpStatusCode.OK, field);
        }
        Assert.Equal(4, await _app.InStoreAsync(db => db.Incidents.CountAsync()));
    }

    [Fact]
    public async Task A_time_of_choice_is_read_in_the_pages_zone()
    {
        await _owner.FillInAsync("/admin/settings", new { Name = "Acme", TimeZone = "America/Los_Angeles" }, "main form");
        var values = Desk.Example();
        values["Update.NextUpdateIn"] = "at";
        var local = DateTime.UtcNow.AddDays(2).Date.AddHours(12);
        values["Update.NextUpdateBy"] = local.ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        await _owner.FillInAsync("/admin/incidents/new", values, "main form");
        var promise = await _app.InStoreAsync(db =>
            db.Incidents.SelectMany(incident => incident.Updates).Select(update => update.NextUpdateBy).SingleAsync()
        );
        Assert.Equal(local, ZoneClock.For("America/Los_Angeles", promise!.Value).ToLocal(promise.Value));
    }

    [Fact]
    public async Task A_form_sent_twice_posts_once_and_leads_to_the_same_place()
    {
        var form = (await _owner.GetAsync("/admin/incidents/new")).QuerySelector<IHtmlFormElement>("main form")!;
        var values = Desk.Example();
        await _owner.SubmitAsync(form, values);
        var first = _owner.Location;
        await _owner.GetAsync("/admin/incidents/new");
        await _owner.SubmitAsync(form, values);
        Assert.Equal(first, _owner.Location);
        Assert.Equal(1, await _app.InStoreAsync(db => db.Incidents.CountAsync()));
    }

    [Fact]
    public async Task A_double_click_posts_once()
    {
        await _owner.FillInAsync("/admin/incidents/new", Desk.Example(), "main form");
        var page = await _owner.GetAsync(_owner.Location.AbsolutePath);
        var form = page.Form("Update");
        var values = new Dictionary<string, object?> { ["Update.Body"] = "It is the database.", ["Update.Phase"] = "identified" };
        using var other = _app.NewBrowser();
        foreach (System.Net.Cookie cookie in _owner.Cookies.GetAllCookies())
            other.Cookies.Add(cookie);
        await other.GetAsync(_owner.Location.AbsolutePath);
        await Task.WhenAll(_owner.SubmitAsync(form, values), other.SubmitAsync(form, values));
        Assert.Equal(HttpStatusCode.OK, _owner.Status);
        Assert.Equal(HttpStatusCode.OK, other.Status);
        Assert.Equal(2, await _app.InStoreAsync(db => db.Incidents.SelectMany(incident => incident.Updates).CountAsync()));
    }

    [Fact]
    public async Task Two_people_at_one_incident_get_a_clear_conflict_and_no_update_is_lost()
    {
        await _owner.FillInAsync("/admin/incidents/new", Desk.Example(), "main form");
        var address = _owner.Location.AbsolutePath;
        using var colleague = await _app.SignInAsync();
        var theirs = (await colleague.GetAsync(address)).Form("Update");
        var mine = (await _owner.GetAsync(address)).Form("Update");
        await colleague.SubmitAsync(theirs, new Dictionary<string, object?> { ["Update.Body"] = "Theirs", ["Update.Phase"] = "identified" });
        var page = await _owner.SubmitAsync(mine, new Dictionary<string, object?> { ["Update.Body"] = "Mine" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, _owner.Status);
        Assert.Contains("While you were writing", page.Summary(), StringComparison.Ordinal);
        Assert.Contains("Theirs", page.QuerySelector(".timeline")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Mine", page.QuerySelector("#Update_Body")!.TextContent.Trim());
        await _owner.SubmitAsync(page.Form("Update"), new Dictionary<string, object?>());
        Assert.Equal(HttpStatusCode.OK, _owner.Status);
        var bodies = await _app.InStoreAsync(db =>
            db.Incidents.SelectMany(incident => incident.Updates).OrderBy(update => update.Number).Select(update => update.Body).ToListAsync()
        );
        Assert.Equal(["We are investigating elevated error rates on our API.", "Theirs", "Mine"], bodies);
    }

    [Fact]
    public async Task Resolving_brings_the_components_of_the_incident_back()
    {
        var api = await _app.ComponentAsync();
        await _owner.FillInAsync("/admin/incidents/new", Desk.Example(api.Id.Value), "main form");
        var form = (await _owner.GetAsync(_owner.Location.AbsolutePath)).Form("Update");
        await _owner.SubmitAsync(form, new Dictionary<string, object?> { ["Update.Body"] = "All is well again.", ["Update.Phase"] = "resolved" });
        var home = await _app.NewBrowser().GetAsync("/");
        Assert.Equal("All systems operational", home.QuerySelector(".band h1")!.TextContent);
        Assert.Contains("All is well again.", home.QuerySelector(".past")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Role.Responder, HttpStatusCode.OK)]
    [InlineData(Role.Auditor, HttpStatusCode.Forbidden)]
    public async Task Who_may_not_publish_cannot_post(Role role, HttpStatusCode composer)
    {
        await _app.AccountAsync("reader@acme.example", role);
        using var reader = await _app.SignInAsync("reader@acme.example");
        var form = (await _owner.GetAsync("/admin/incidents/new")).QuerySelector<IHtmlFormElement>("main form")!;
        var account = await reader.GetAsync("/admin/account");
        var token = account.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value");
        var own = await reader.GetAsync("/admin/incidents/new");
        Assert.Equal(composer, reader.Status);
        form = own.QuerySelector<IHtmlFormElement>("main form") ?? form;
        await reader.SubmitAsync(form, new Dictionary<string, object?>(Desk.Example()) { ["__RequestVerificationToken"] = token });
        if (role == Role.Responder)
            Assert.Equal(HttpStatusCode.Forbidden, reader.Status);
        await reader.GetAsync("/admin/keys");
        Assert.Equal(HttpStatusCode.Forbidden, reader.Status);
        Assert.Equal(0, await _app.InStoreAsync(db => db.Incidents.CountAsync()));
    }

    [Fact]
    public async Task A_deleted_incident_leaves_the_page_and_stays_in_the_audit()
    {
        await _owner.FillInAsync("/admin/incidents/new", Desk.Example(), "main form");
        var address = _owner.Location.AbsolutePath;
        var id = address.Split('/')[^1];
        await _owner.SubmitAsync((await _owner.GetAsync(address)).Form("Delete"), new { });
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Http.GetAsync($"/incidents/{id}")).StatusCode);
        Assert.Contains("incident.deleted", (await _owner.GetAsync("/admin/audit")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incident_whose_component_was_archived_can_be_resolved()
    {
        var api = await _app.ComponentAsync();
        await _owner.FillInAsync("/admin/incidents/new", Desk.Example(api.Id.Value), "main form");
        var address = _owner.Location.AbsolutePath;
        await _owner.SubmitAsync((await _owner.GetAsync($"/admin/components/{api.Id}")).Form("Archive"), new { });
        await _owner.SubmitAsync(
            (await _owner.GetAsync(address)).Form("Update"),
            new Dictionary<string, object?> { ["Update.Body"] = "Over.", ["Update.Phase"] = "resolved" }
        );
        Assert.Equal(HttpStatusCode.OK, _owner.Status);
    }

    [Fact]
    public async Task A_component_form_that_was_open_for_long_does_not_undo_an_outage()
    {
        var api = await _app.ComponentAsync();
        var form = (IHtmlFormElement)(await _owner.GetAsync($"/admin/components/{api.Id}")).QuerySelector("main form")!;
        using var program = await _app.ApiAsync();
        await program.OpenIncidentAsync(
            new
            {
                name = "x",
                body = "x",
                components = new Dictionary<string, string> { [api.Id.Value] = "major_outage" },
            }
        );
        await _owner.SubmitAsync(form, new { Description = "The REST API" });
        Assert.Contains("API: major outage", await _app.Http.GetStringAsync("/badges/api.svg"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_in_the_title_leaves_the_update_beside_it_as_it_was()
    {
        var values = Desk.Example();
        values["Update.Phase"] = "identified";
        await _owner.FillInAsync("/admin/incidents/new", values, "main form");
        var page = await _owner.SubmitAsync(
            (await _owner.GetAsync(_owner.Location.AbsolutePath)).Form("Describe"),
            new Dictionary<string, object?> { ["Description.Title"] = "" }
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, _owner.Status);
        Assert.True(page.QuerySelector("#phase-identified")!.HasAttribute("checked"));
        Assert.Equal("~15% of requests failing", page.QuerySelector("#Update_ImpactSummary")!.GetAttribute("value"));
    }

    [Fact]
    public async Task A_form_without_its_cookie_comes_back_with_what_was_typed()
    {
        var form = (IHtmlFormElement)(await _owner.GetAsync("/admin/incidents/new")).QuerySelector("main form")!;
        foreach (System.Net.Cookie cookie in _owner.Cookies.GetAllCookies().Where(cookie => cookie.Name == "form"))
            cookie.Expired = true;
        var page = await _owner.SubmitAsync(form, Desk.Example());
        Assert.Equal(HttpStatusCode.BadRequest, _owner.Status);
        Assert.Contains("We are investigating elevated error rates on our API.", page.Body!.TextContent, StringComparison.Ordinal);
        await _owner.SubmitAsync(page.Forms.OfType<IHtmlFormElement>().Single(), new { });
        Assert.Equal(HttpStatusCode.OK, _owner.Status);
        Assert.Equal(1, await _app.InStoreAsync(db => db.Incidents.CountAsync()));
    }

    [Fact]
    public async Task Mail_that_cannot_go_out_is_told_at_the_desk_with_its_reason()
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Email:Smtp", $"smtp://127.0.0.1:{Ports.Next()}"]);
        await app.SubscriberAsync("customer@customer.example");
        using var api = await app.ApiAsync();
        await api.OpenIncidentAsync();
        using var owner = await app.SignInAsync();
        await Eventually.TrueAsync(
            "the desk tells",
            async () => (await owner.GetAsync("/admin")).Body!.TextContent.Contains("cannot be reached (SocketException)", StringComparison.Ordinal)
        );
    }
}
