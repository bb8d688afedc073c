using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Drafts;

/// <summary>Drafts and approval at the desk, without JavaScript.</summary>
public sealed class DraftDeskTests : DeskTests
{
    [Fact]
    public async Task A_draft_is_kept_shown_again_previewed_and_thrown_away()
    {
        var page = await PressAsync(Owner, "/admin/incidents/new", "Draft", Desk.Example());
        Assert.Equal("We are investigating elevated error rates on our API.", page.QuerySelector<IHtmlTextAreaElement>("#Update_Body")!.Value);
        var draft = Where(Owner);
        page = await PressAsync(Owner, draft, "Preview", new { });
        Assert.Contains(
            "Subject: [Status] Investigating: Elevated error rates on our API",
            page.QuerySelector("#panel-text")!.TextContent,
            StringComparison.Ordinal
        );
        var frame = page.QuerySelector<IHtmlInlineFrameElement>("#panel-page iframe")!.GetAttribute("src")!;
        Assert.Contains("Elevated error rates", (await Owner.GetAsync(frame)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await App.Http.GetAsync(frame)).StatusCode);
        await Owner.SubmitAsync((await Owner.GetAsync(draft)).Form("Discard"), new { });
        Assert.Equal(DraftState.Discarded, (await App.InStoreAsync(db => db.Drafts.SingleAsync())).State);
        Assert.Equal(0, await App.InStoreAsync(db => db.Incidents.CountAsync()));
    }

    [Fact]
    public async Task A_responder_drafts_and_comms_publish_and_both_are_on_record()
    {
        using var responder = await MemberAsync("responder@acme.example", Role.Responder);
        using var comms = await MemberAsync("comms@acme.example", Role.Comms);
        await PressAsync(responder, "/admin/incidents/new", "Submit", Desk.Example());
        Assert.Contains("Waits for approval", (await responder.GetAsync(Where(responder))).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["comms@acme.example", Desk.Email], await App.InStoreAsync(db => db.Notices.Select(row => row.Address).Order().ToListAsync()));

        var home = await comms.GetAsync("/admin");
        var draft = home.QuerySelectorAll("main a").First(link => link.TextContent == "Elevated error rates on our API").GetAttribute("href")!;
        var form = (await comms.GetAsync(draft)).QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        await comms.SubmitAsync(form, new { });
        var update = (await App.InStoreAsync(db => db.Incidents.Include(row => row.Updates).SingleAsync())).Latest;
        Assert.Equal(("comms@acme.example", "responder@acme.example", "comms@acme.example"), (update.Author, update.DraftedBy, update.ApprovedBy));
    }

    [Fact]
    public async Task A_draft_that_is_sent_back_says_what_to_change_and_is_submitted_anew()
    {
        using var responder = await MemberAsync("responder@acme.example", Role.Responder);
        await PressAsync(responder, "/admin/incidents/new", "Submit", Desk.Example());
        var draft = Where(responder);
        await Owner.SubmitAsync((await Owner.GetAsync(draft)).Form("SendBack"), new { Because = "Name the region." });
        Assert.Contains("Name the region.", (await responder.GetAsync(draft)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(DraftState.Open, (await App.InStoreAsync(db => db.Drafts.SingleAsync())).State);
    }

    [Fact]
    public async Task A_severity_that_needs_two_pairs_of_eyes_is_published_by_another_person_and_unchanged()
    {
        var page = await App.PageAsync();
        await App.InStoreAsync(async db =>
        {
            var rule = SeverityRule.Default(page.Id, Severity.Sev2);
            rule.Decide(rule.Cadence, rule.ProposedStatus, needsApproval: true);
            db.SeverityRules.Add(rule);
            return await db.SaveChangesAsync();
        });
        using var comms = await MemberAsync("comms@acme.example", Role.Comms);

        // Nobody can post it alone, neither from the form nor through the API.
        var refused = await Owner.FillInAsync("/admin/incidents/new", Desk.Example(), "form[data-compose]");
        Assert.Contains("SEV2 needs two pairs of eyes", refused.Summary(), StringComparison.Ordinal);
        var api = await App.ApiAsync();
        Assert.Equal(
            HttpStatusCode.UnprocessableEntity,
            (
                await api.PostAsync(
                    "incidents",
                    new
                    {
                        incident = new
                        {
                            name = "x",
                            body = "y",
                            severity = "SEV2",
                        },
                    }
                )
            ).Status
        );
        await PressAsync(Owner, "/admin/incidents/new", "Submit", Desk.Example());
        var draft = Where(Owner);
        refused = await Owner.FillInAsync(draft, new { }, "form[data-compose]");
        Assert.Contains("needs two pairs of eyes", refused.Summary(), StringComparison.Ordinal);

        // The second person changed it, so the first must look again.
        refused = await comms.FillInAsync(draft, new Dictionary<string, object?> { ["Update.Body"] = "Something else." }, "form[data-compose]");
        Assert.Contains("no longer what", refused.Summary(), StringComparison.Ordinal);
        Assert.Equal(0, await App.InStoreAsync(db => db.Incidents.CountAsync()));

        await comms.FillInAsync(draft, new { }, "form[data-compose]");
        var update = (await App.InStoreAsync(db => db.Incidents.Include(row => row.Updates).SingleAsync())).Latest;
        Assert.Equal(((string?)Desk.Email, "comms@acme.example"), (update.DraftedBy, update.ApprovedBy));
    }

    [Fact]
    public async Task Two_who_write_in_one_draft_keep_their_words_both()
    {
        using var comms = await MemberAsync("comms@acme.example", Role.Comms);
        await PressAsync(Owner, "/admin/incidents/new", "Draft", Desk.Example());
        var draft = Where(Owner);
        var theirs = await comms.GetAsync(draft);
        await PressAsync(Owner, draft, "Draft", new Dictionary<string, object?> { ["Update.Body"] = "The owner's words." });
        await SendAsync(comms, theirs, "Draft", new Dictionary<string, object?> { ["Update.Body"] = "The other's words." });
        var contents = await App.InStoreAsync(db => db.Drafts.Select(row => row.Content).ToListAsync());
        Assert.Equal(2, contents.Count);
        Assert.Contains(
            contents,
            content => content.Contains("The owner's words.".Replace("'", "\\u0027", StringComparison.Ordinal), StringComparison.Ordinal)
        );
        Assert.Contains(
            contents,
            content => content.Contains("The other's words.".Replace("'", "\\u0027", StringComparison.Ordinal), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_template_fills_the_form_and_what_only_the_person_knows_must_be_filled_in()
    {
        var page = await App.PageAsync();
        await App.InStoreAsync(async db =>
        {
            db.Templates.RemoveRange(db.Templates);
            db.Templates.AddRange(StatusPage.Domain.Drafts.ShippedTemplates.For(page.Id, DateTimeOffset.UtcNow));
            return await db.SaveChangesAsync();
        });
        var component = await App.ComponentAsync("Checkout");
        var composer = await Owner.GetAsync("/admin/incidents/new");
        var template = composer.QuerySelectorAll("#template option").First(option => option.TextContent == "Elevated errors").GetAttribute("value");
        var filled = await SendAsync(
            Owner,
            composer,
            "Template",
            new Dictionary<string, object?> { ["TemplateId"] = template, [$"Update.Components[{component.Id}]"] = "proposed" }
        );
        Assert.Equal("Elevated error rates on Checkout", filled.QuerySelector<IHtmlInputElement>("#Title")!.Value);
        Assert.Equal("~{{percent}}% of requests failing", filled.QuerySelector<IHtmlInputElement>("#Update_ImpactSummary")!.Value);
        var refused = await Owner.SubmitAsync(filled.QuerySelector<IHtmlFormElement>("form[data-compose]")!, new { });
        Assert.Contains("{{percent}}", refused.ErrorFor("Update.ImpactSummary"), StringComparison.Ordinal);
        await Owner.SubmitAsync(
            refused.QuerySelector<IHtmlFormElement>("form[data-compose]")!,
            new Dictionary<string, object?> { ["Update.ImpactSummary"] = "~15% of requests failing" }
        );
        var incident = await App.InStoreAsync(db => db.Incidents.Include(row => row.Updates).SingleAsync());
        Assert.Equal(("Elevated error rates on Checkout", Severity.Sev2, Impact.Major), (incident.Title, incident.Severity!.Value, incident.Impact));
    }

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once_and_what_was_typed_is_kept()
    {
        var refused = await Owner.FillInAsync(
            "/admin/incidents/new",
            new Dictionary<string, object?>(Desk.Example())
            {
                ["Title"] = "",
                ["Update.Body"] = "{{cause}}",
                ["Update.ImpactSummary"] = "{{percent}}",
                ["Update.NextUpdateIn"] = "at",
                ["StartedAt"] = "yesterday",
            },
            "form[data-compose]"
        );
        Assert.All(
            ["Title", "Update.Body", "Update.ImpactSummary", "Update.NextUpdateBy", "StartedAt"],
            field => Assert.True(refused.ErrorFor(field).Length > 0, field)
        );
        Assert.Equal("{{percent}}", refused.QuerySelector<IHtmlInputElement>("#Update_ImpactSummary")!.Value);
    }

    [Fact]
    public async Task A_ticked_component_is_as_bad_as_the_severity_says_and_a_box_may_stand_for_several()
    {
        var (api, web, mail) = (await App.ComponentAsync("API"), await App.ComponentAsync("Web"), await App.ComponentAsync("Mail"));
        await Owner.FillInAsync(
            "/admin/incidents/new",
            new Dictionary<string, object?>(Desk.Example())
            {
                ["Update.Ticked"] = new[] { $"{api.Id} {web.Id}", mail.Id.Value },
                [$"Update.Components[{mail.Id}]"] = "major_outage",
            },
            "form[data-compose]"
        );
        var states = (await App.InStoreAsync(db => db.Incidents.Include(row => row.Updates).SingleAsync())).Latest.Affected;
        Assert.Equal(
            [("API", "partial_outage"), ("Mail", "major_outage"), ("Web", "partial_outage")],
            states.Select(said => (said.Name, Domain.Components.ComponentStatuses.Code(said.NewStatus))).Order()
        );
    }

    [Fact]
    public async Task A_draft_shows_how_it_begins_and_is_thrown_away_from_the_list()
    {
        await PressAsync(Owner, "/admin/incidents/new", "Draft", Desk.Example());
        foreach (var list in new[] { "/admin", "/admin/incidents/new" })
            Assert.Contains(
                "We are investigating elevated",
                (await Owner.GetAsync(list)).QuerySelector(".drafts .line")!.TextContent,
                StringComparison.Ordinal
            );
        var page = await Owner.GetAsync("/admin");
        await Owner.SubmitAsync(page.QuerySelector<IHtmlFormElement>(".drafts form")!, new { });
        Assert.Equal(DraftState.Discarded, (await App.InStoreAsync(db => db.Drafts.SingleAsync())).State);
    }

    [Fact]
    public async Task Who_submitted_is_reminded_as_those_who_may_publish_are_and_hears_when_it_is_sent_back()
    {
        using var responder = await MemberAsync("responder@acme.example", Role.Responder);
        await PressAsync(responder, "/admin/incidents/new", "Submit", Desk.Example());
        var draft = Where(responder);
        await App.InStoreAsync(db =>
            db.Database.ExecuteSqlRawAsync("""UPDATE "Drafts" SET "SubmittedAt" = {0}""", DateTimeOffset.UtcNow.AddMinutes(-16).ToUnixTimeMilliseconds())
        );
        for (var times = 0; times < 2; times++)
            await App.InScopeAsync(async services =>
            {
                await services.GetRequiredService<StatusPage.Web.Drafts.ApprovalWatch>().LookAsync(default);
                return 0;
            });
        Assert.Equal(
            [Desk.Email, "responder@acme.example"],
            await App.InStoreAsync(db => db.Notices.Where(row => row.Subject.Contains("Still waits")).Select(row => row.Address).Order().ToListAsync())
        );
        await Owner.SubmitAsync((await Owner.GetAsync(draft)).Form("SendBack"), new { Because = "Name the region." });
        Assert.Equal(
            "responder@acme.example",
            await App.InStoreAsync(db => db.Notices.Where(row => row.Subject.Contains("Sent back")).Select(row => row.Address).SingleAsync())
        );
    }

    private static string Where(BrowserSession session) => session.Location.PathAndQuery;

    private static async Task<IHtmlDocument> PressAsync(BrowserSession session, string path, string handler, object values) =>
        await SendAsync(session, await session.GetAsync(path), handler, values);

    /// <summary>Presses one of the buttons of the composer's form.</summary>
    private static Task<IHtmlDocument> SendAsync(BrowserSession session, IHtmlDocument page, string handler, object values)
    {
        var form = page.QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        var button = form.QuerySelectorAll("button[formaction]")
            .First(button => button.GetAttribute("formaction")!.Contains($"handler={handler}", StringComparison.Ordinal));
        form.SetAttribute("action", button.GetAttribute("formaction")!);
        return session.SubmitAsync(form, values);
    }

    private async Task<BrowserSession> MemberAsync(string email, Role role)
    {
        await App.AccountAsync(email, role);
        return await App.SignInAsync(email);
    }
}
