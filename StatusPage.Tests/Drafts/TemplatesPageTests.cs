using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Drafts;
using StatusPage.Tests.Host;
using StatusPage.Web.Incidents;

namespace StatusPage.Tests.Drafts;

/// <summary>Templates, written in quiet times.</summary>
public sealed class TemplatesPageTests
{
    [Fact]
    public async Task Those_that_ship_are_there_once_and_stay_away_when_thrown_away()
    {
        using var folder = new TempFolder();
        string gone;
        await using (var app = await AppHost.StartAsync(folder, null, Desk.Owner))
        {
            using var owner = await app.SignInAsync();
            var link = (await owner.GetAsync("/admin/templates")).QuerySelector<IHtmlAnchorElement>("tbody a")!;
            gone = link.TextContent;
            await owner.FillInAsync(link.GetAttribute("href")!, new { }, "form[action*=Remove]");
            Assert.Equal("/admin/templates", owner.Location.AbsolutePath);
        }
        await using var again = await AppHost.StartAsync(folder, null, Desk.Owner);
        var names = await again.InStoreAsync(db => db.Templates.Select(row => row.Name).ToListAsync());
        Assert.Equal(ShippedTemplates.For(default, DateTimeOffset.UtcNow).Count - 1, names.Count);
        Assert.DoesNotContain(gone, names);
    }

    [Fact]
    public async Task One_is_made_changed_and_used()
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Page:Name", "Acme"]);
        var component = await app.ComponentAsync("API");
        using var owner = await app.SignInAsync();
        var refused = await owner.FillInAsync(
            "/admin/templates/new",
            new
            {
                Name = "Our own",
                Opens = "true",
                Phase = "resolved",
                Body = "x",
            },
            "form:has(button[data-main])"
        );
        Assert.Contains("A new incident is not resolved", refused.ErrorFor("Phase"), StringComparison.Ordinal);
        await owner.SubmitAsync(
            refused.QuerySelector<IHtmlFormElement>("form:has(button[data-main])")!,
            new
            {
                Phase = "investigating",
                Title = "{{component}} of {{page}} is slow",
                Severity = "SEV3",
                Body = "{{component}} is slow.",
                ImpactSummary = "Up to {{seconds}} s",
                ComponentIds = component.Id.Value,
            }
        );
        Assert.Equal("/admin/templates", owner.Location.AbsolutePath);
        var template = await app.InStoreAsync(db => db.Templates.SingleAsync(row => row.Name == "Our own"));
        Assert.Equal([component.Id], template.ComponentIds);

        var form = (await owner.GetAsync("/admin/incidents/new")).QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        form.SetAttribute("action", form.QuerySelector("button[formaction*=Template]")!.GetAttribute("formaction")!);
        var filled = await owner.SubmitAsync(form, new Dictionary<string, object?> { ["TemplateId"] = template.Id.Value });
        Assert.Equal("API of Acme is slow", filled.QuerySelector("#Title")!.GetAttribute("value"));
        Assert.Equal("API is slow.", filled.QuerySelector("#Update_Body")!.TextContent.Trim());
        var left = await owner.SubmitAsync(filled.QuerySelector<IHtmlFormElement>("form[data-compose]")!, new { });
        Assert.Contains("{{seconds}}", left.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, owner.Status);

        var twice = await owner.FillInAsync("/admin/templates/new", new { Name = "Our own", Body = "x" }, "form:has(button[data-main])");
        Assert.Contains("of that name already", twice.ErrorFor("Name"), StringComparison.Ordinal);
        Assert.Equal(1, await app.InStoreAsync(db => db.Audit.CountAsync(row => row.Action == "template.created")));
    }

    [Fact]
    public async Task Responders_read_them_and_change_none()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        await app.AccountAsync("rita@acme.example", Role.Responder);
        using var rita = await app.SignInAsync("rita@acme.example");
        Assert.NotEmpty((await rita.GetAsync("/admin/templates")).QuerySelectorAll("tbody tr"));
        await rita.GetAsync("/admin/templates/new");
        Assert.Equal(HttpStatusCode.Forbidden, rita.Status);
        await rita.GetAsync("/admin/severities");
        Assert.Equal(HttpStatusCode.Forbidden, rita.Status);
    }

    [Fact]
    public async Task What_a_severity_proposes_is_the_owners_to_say()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        var component = await app.ComponentAsync("API");
        using var owner = await app.SignInAsync();
        var refused = await owner.FillInAsync(
            "/admin/severities",
            new Dictionary<string, object?> { ["Rules[SEV2].Minutes"] = "1" },
            "form:has(button[data-main])"
        );
        Assert.Contains("SEV2: choose a time between 5 minutes and 24 hours", refused.Body!.TextContent, StringComparison.Ordinal);
        await owner.FillInAsync(
            "/admin/severities",
            new Dictionary<string, object?>
            {
                ["Rules[SEV2].Minutes"] = "45",
                ["Rules[SEV2].Proposed"] = "major_outage",
                ["Rules[SEV1].NeedsApproval"] = "true",
            },
            "form:has(button[data-main])"
        );
        var option = (await owner.GetAsync("/admin/incidents/new")).QuerySelector("[data-severity] input[value=SEV2]")!;
        Assert.Contains("45 min", option.GetAttribute("data-cadence"), StringComparison.Ordinal);
        Assert.Contains("major outage", option.GetAttribute("data-proposed"), StringComparison.OrdinalIgnoreCase);
        await owner.FillInAsync(
            "/admin/incidents/new",
            new Dictionary<string, object?>(Desk.Example())
            {
                ["Update.NextUpdateIn"] = UpdateForm.AfterCadence,
                [$"Update.Components[{component.Id}]"] = "proposed",
            },
            "form[data-compose]"
        );
        var incident = await app.InStoreAsync(db => db.Incidents.Include(row => row.Updates).SingleAsync());
        Assert.Equal(TimeSpan.FromMinutes(45), incident.NextUpdateBy - incident.StartedAt);
        Assert.Equal(Domain.Components.ComponentStatus.MajorOutage, await app.StateAsync());
        var needs = await owner.FillInAsync(
            "/admin/incidents/new",
            new Dictionary<string, object?>(Desk.Example()) { ["Severity"] = "SEV1" },
            "form[data-compose]"
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, owner.Status);
        Assert.Contains("pairs of eyes", needs.Body!.TextContent, StringComparison.Ordinal);
    }
}
