using System.Net;
using System.Net.Http.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Incidents;
using StatusPage.Tests.Host;
using StatusPage.Tests.Postmortems;

namespace StatusPage.Tests.Incidents;

/// <summary>Two pairs of eyes, by every way in.</summary>
public sealed class ApprovalTests : IAsyncLifetime
{
    private const string Needed = "SEV1 needs two pairs of eyes";

    private Roads _roads = null!;
    private BrowserSession _carl = null!;

    public async ValueTask InitializeAsync()
    {
        _roads = await Roads.BuildAsync();
        await _roads.App.AccountAsync("carl@acme.example", Role.Comms);
        _carl = await _roads.App.SignInAsync("carl@acme.example");
    }

    public async ValueTask DisposeAsync()
    {
        _carl.Dispose();
        await _roads.DisposeAsync();
    }

    [Theory]
    [InlineData(Road.Desk)]
    [InlineData(Road.V1)]
    public async Task Nobody_alone_brings_an_incident_to_a_severity_that_needs_two(Road road)
    {
        await _roads.RequireApprovalAsync(Severity.Sev1);
        Assert.Contains(Needed, await _roads.OpenAsync(road, "x", Severity.Sev1), StringComparison.Ordinal);
        Assert.Null(await _roads.OpenAsync(road, "We look.", Severity.Sev2));
        var id = (await _roads.IncidentAsync()).Id;
        Assert.Contains(Needed, await _roads.DescribeAsync(road, id, severity: Severity.Sev1), StringComparison.Ordinal);
        Assert.Contains(Needed, await _roads.UpdateAsync(road, id, "Worse.", severity: Severity.Sev1), StringComparison.Ordinal);
        var incident = await _roads.IncidentAsync();
        Assert.Equal((Severity.Sev2, 1), (incident.Severity, incident.Updates.Count));
    }

    [Theory]
    [InlineData(Road.Desk)]
    [InlineData(Road.V1)]
    public async Task Nobody_alone_changes_what_such_an_incident_says_or_takes_it_below(Road road)
    {
        Assert.Null(await _roads.OpenAsync(road, "We look.", Severity.Sev1));
        await _roads.RequireApprovalAsync(Severity.Sev1);
        var before = await _roads.IncidentAsync();
        Assert.Contains(Needed, await _roads.UpdateAsync(road, before.Id, "Better.", severity: Severity.Sev4), StringComparison.Ordinal);
        Assert.Contains(Needed, await _roads.UpdateAsync(road, before.Id, "Over.", Phase.Resolved), StringComparison.Ordinal);
        Assert.Contains(Needed, await _roads.DescribeAsync(road, before.Id, title: "All is well"), StringComparison.Ordinal);
        Assert.Contains(Needed, await _roads.DescribeAsync(road, before.Id, severity: Severity.Sev4), StringComparison.Ordinal);
        Assert.Contains(Needed, await _roads.CorrectAsync(road, before.Id, before.Latest.Id, "All is well."), StringComparison.Ordinal);
        Assert.Equal(before.Version, (await _roads.IncidentAsync()).Version);
        // A request that changes nothing needs no approval.
        (await _roads.Api.PatchAsync($"incidents/{before.Id}", new { incident = new { status = "investigating", severity = "SEV1" } })).Expect(
            HttpStatusCode.OK
        );
        // Taking something back must not wait.
        await _roads.Owner.FillInAsync($"/admin/incidents/{before.Id}", new { Because = "An exercise." }, "form[action*=Withdraw]");
        Assert.NotNull((await _roads.IncidentAsync()).WithdrawnAt);
    }

    [Fact]
    public async Task An_escalation_is_one_update_that_another_publishes()
    {
        await _roads.RequireApprovalAsync(Severity.Sev1);
        Assert.Null(await _roads.OpenAsync(Road.Desk, "We look.", Severity.Sev2));
        var id = (await _roads.IncidentAsync()).Id;
        var form = (await _roads.Owner.GetAsync($"/admin/incidents/{id}")).QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        form.SetAttribute("action", form.QuerySelector("button[formaction*=Submit]")!.GetAttribute("formaction")!);
        await _roads.Owner.SubmitAsync(
            form,
            new Dictionary<string, object?>
            {
                ["Title"] = "All is down",
                ["Severity"] = "SEV1",
                ["Update.Body"] = "All of it.",
            }
        );
        var draft = _roads.Owner.Location.PathAndQuery;
        Assert.Contains(Needed, (await _roads.Owner.FillInAsync(draft, new { }, "form[data-compose]")).Body!.TextContent, StringComparison.Ordinal);
        await _carl.FillInAsync(draft, new { }, "form[data-compose]");
        Assert.Equal(HttpStatusCode.OK, _carl.Status);
        var incident = await _roads.IncidentAsync();
        Assert.Equal(
            ("All is down", Severity.Sev1, 2, "All of it.", "carl@acme.example"),
            (incident.Title, incident.Severity, incident.Updates.Count, incident.Latest.Body, incident.Latest.ApprovedBy)
        );
    }

    [Theory]
    [InlineData("Correct")]
    [InlineData("Translate")]
    public async Task A_correction_is_submitted_shown_before_and_after_and_published_by_another(string act)
    {
        Assert.Null(await _roads.OpenAsync(Road.Desk, "We lost all your data.", Severity.Sev1));
        await _roads.RequireApprovalAsync(Severity.Sev1);
        var incident = await _roads.IncidentAsync();
        var path = $"/admin/incidents/{incident.Id}/updates/{incident.Latest.Id}";
        var fields =
            act == "Correct"
                ? new Dictionary<string, object?> { ["Body"] = "We lost no data." }
                : new() { ["Translations[de].Body"] = "Keine Daten verloren." };
        var form = (await _roads.Owner.GetAsync(path)).QuerySelector<IHtmlFormElement>($"form[action*={act}]")!;
        Assert.Contains(Needed, (await _roads.Owner.SubmitAsync(form, fields)).Body!.TextContent, StringComparison.Ordinal);
        form = (await _roads.Owner.GetAsync(path)).QuerySelector<IHtmlFormElement>($"form[action*={act}]")!;
        form.SetAttribute("action", form.QuerySelector("button[formaction*=Submit]")!.GetAttribute("formaction")!);
        await _roads.Owner.SubmitAsync(form, fields);
        Assert.Equal($"/admin/incidents/{incident.Id}", _roads.Owner.Location.AbsolutePath);

        var link = (await _carl.GetAsync("/admin")).QuerySelectorAll("[data-kind=approval] a").Single().GetAttribute("href")!;
        Assert.Contains("carl@acme.example", await _roads.App.InStoreAsync(db => db.Notices.Select(row => row.Address).ToListAsync()));
        // The person who submitted it cannot be the second pair of eyes.
        Assert.Contains(Needed, (await _roads.Owner.FillInAsync(link, new { }, $"form[action*={act}]")).Body!.TextContent, StringComparison.Ordinal);
        var page = await _carl.GetAsync(link);
        if (act == "Correct")
        {
            Assert.Contains("We lost all your data.", page.QuerySelector("blockquote.now")!.TextContent, StringComparison.Ordinal);
            Assert.Equal("We lost no data.", page.QuerySelector<IHtmlTextAreaElement>("#Body")!.Value);
        }
        var changed =
            act == "Correct"
                ? new Dictionary<string, object?> { ["Body"] = "We lost some data." }
                : new() { ["Translations[de].Body"] = "Einige Daten verloren." };
        Assert.Contains(
            "no longer what",
            (await _carl.SubmitAsync(page.QuerySelector<IHtmlFormElement>($"form[action*={act}]")!, changed)).Body!.TextContent,
            StringComparison.Ordinal
        );
        var published = await _carl.FillInAsync(link, new { }, $"form[action*={act}]");
        Assert.True(_carl.Location.AbsolutePath == $"/admin/incidents/{incident.Id}", published.QuerySelector("main")!.TextContent);
        var update = (await _roads.IncidentAsync()).Latest;
        if (act == "Correct")
            Assert.Equal(("We lost no data.", "We lost all your data."), (update.Body, Assert.Single(update.Revisions).Body));
        else
            Assert.Equal("Keine Daten verloren.", Assert.Single(update.Translations).Body);
        Assert.Empty((await _carl.GetAsync("/admin")).QuerySelectorAll("[data-kind=approval]"));
    }

    [Fact]
    public async Task A_postmortem_is_published_by_another_than_wrote_it()
    {
        Assert.Null(await _roads.OpenAsync(Road.Desk, "We look.", Severity.Sev1));
        var id = (await _roads.IncidentAsync()).Id;
        await _roads.UpdateAsync(Road.V1, id, "Over.", Phase.Resolved);
        await _roads.RequireApprovalAsync(Severity.Sev1);
        await _roads.Owner.BeginPostmortemAsync(id);
        await _roads.Owner.WritePostmortemAsync(id, "Root Cause", "A full disk.");
        Assert.Contains(Needed, (await _roads.Owner.PublishPostmortemAsync(id)).Summary(), StringComparison.Ordinal);
        (
            await _roads.Api.SendAsync(HttpMethod.Put, $"incidents/{id}/postmortem", JsonContent.Create(new { postmortem = new { body_draft = "Mine." } }))
        ).Expect(HttpStatusCode.OK);
        (await _roads.Api.SendAsync(HttpMethod.Put, $"incidents/{id}/postmortem/publish", null)).ExpectError(HttpStatusCode.UnprocessableEntity);
        Assert.Null((await _roads.IncidentAsync()).PostmortemPublishedAt);
        await _carl.PublishPostmortemAsync(id);
        Assert.Contains("A full disk.", (await _roads.IncidentAsync()).PostmortemBody!, StringComparison.Ordinal);
        Assert.NotNull((await _roads.IncidentAsync()).PostmortemPublishedAt);
        // Whoever writes in it needs somebody else again.
        await _carl.WritePostmortemAsync(id, "Root Cause", "Something else.");
        Assert.Contains(Needed, (await _carl.PublishPostmortemAsync(id)).Summary(), StringComparison.Ordinal);
        Assert.DoesNotContain("Something else.", (await _roads.IncidentAsync()).PostmortemBody!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_told_where_to_go()
    {
        await _roads.RequireApprovalAsync(Severity.Sev1);
        Assert.Contains("submit it for approval there", await _roads.OpenAsync(Road.V1, "x", Severity.Sev1), StringComparison.Ordinal);
    }
}
