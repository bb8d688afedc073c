using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Postmortems;
using StatusPage.Tests.Host;
using StatusPage.Web.Public;

namespace StatusPage.Tests.Postmortems;

/// <summary>From the first draft to the page and the mail, at the desk.</summary>
public sealed class PostmortemDeskTests : IAsyncLifetime
{
    private const string Secret = "Vesuvius";
    private readonly MailServer _mail = new();
    private AppHost _app = null!;
    private BrowserSession _owner = null!;
    private ApiClient _api = null!;
    private IncidentId _id;

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync([.. Desk.Owner, "--Email:Smtp", _mail.Url, "--Email:From", "Acme <status@acme.example>"]);
        _owner = await _app.SignInAsync();
        _api = await _app.ApiAsync();
        _id = await _api.OverAsync(component: (await _app.ComponentAsync()).Id.Value);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        _owner.Dispose();
        await _app.DisposeAsync();
        await _mail.DisposeAsync();
    }

    private string Path => PostmortemActs.PathOf(_id);

    [Fact]
    public async Task It_begins_with_everything_that_is_known_and_nothing_of_it_is_public()
    {
        var incident = await _app.IncidentAsync(_id);
        await _owner.FillInAsync($"/admin/incidents/{_id}", new { Note = $"The disk of **{Secret}** is full." }, "form[action*=Note]");
        await _app.InStoreAsync(db =>
        {
            var found = AlertCase.Begin(incident.PageId, "Error rate > 5%", null, null, [], incident.StartedAt.AddMinutes(-5), incident.StartedAt);
            db.AlertCases.Add(found);
            db.Entry(found).Property(row => row.IncidentId).CurrentValue = _id;
            db.AlertLines.Add(new(found.Id, "It fires again.", incident.StartedAt));
            return db.SaveChangesAsync();
        });
        var page = await _owner.BeginPostmortemAsync(_id);
        Assert.Equal(HttpStatusCode.OK, _owner.Status);
        Assert.Equal("We are investigating elevated error rates on our API.\n\nRequests succeed again.", page.TextOf("Summary").ReplaceLineEndings("\n"));
        Assert.Contains("Components: API (partial outage).", page.TextOf("Impact"), StringComparison.Ordinal);
        Assert.Contains("~15% of requests failing", page.TextOf("Impact"), StringComparison.Ordinal);
        var moments = (await _app.PostmortemAsync(_id)).Timeline;
        Assert.Equal(
            [
                "Alert triggered: Error rate > 5%",
                "Incident declared: We are investigating elevated error rates on our API.",
                "Root cause identified: A bad index.",
                "Incident resolved: Requests succeed again.",
                $"The disk of {Secret} is full.",
            ],
            moments.Where(moment => moment.IsIn).Select(moment => moment.Text)
        );
        Assert.Equal(["It fires again."], moments.Where(moment => !moment.IsIn).Select(moment => moment.Text));
        // Saving without a change changes nothing, and what is new is brought in once.
        await _owner.SubmitAsync(page.Form("Save"), new { });
        Assert.Equal(1, (await _app.PostmortemAsync(_id)).Revision);
        await _owner.FillInAsync($"/admin/incidents/{_id}", new { Note = "It is replaced.\n\nBy us." }, "form[action*=Note]");
        for (var turn = 0; turn < 2; turn++)
        {
            var form = (await _owner.GetAsync(Path)).Form("Save");
            form.SetAttribute("action", form.QuerySelector("button[formaction]")!.GetAttribute("formaction")!);
            await _owner.SubmitAsync(form, new { });
        }
        Assert.Equal("It is replaced. By us.", (await _app.PostmortemAsync(_id)).Timeline[^1].Text);
        Assert.Equal(moments.Count + 1, (await _app.PostmortemAsync(_id)).Timeline.Count);

        await _app.ItemAsync(_id, $"Replace {Secret}", Desk.Email);
        await _owner.WritePostmortemAsync(_id, "Root Cause", $"{Secret} was full.\n\nAn index was missing.");
        await _owner.PublishPostmortemAsync(_id, words: "index was missing");
        Assert.Contains("An index was missing.", await _app.Http.GetStringAsync($"/incidents/{_id}"), StringComparison.Ordinal);
        foreach (var (path, made) in await _app.Services.GetRequiredService<PublicSites>().First.Current!.AllAsync())
            Assert.False(
                Encoding.UTF8.GetString(made.Document.Plain.Body).Contains(Secret, StringComparison.OrdinalIgnoreCase),
                $"{path} tells of what is internal."
            );
        Assert.DoesNotContain(Secret, (await _api.GetAsync($"incidents/{_id}")).Json.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, (await _api.GetAsync($"incidents/{_id}/postmortem")).Json.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_saves_late_is_told_and_loses_nothing()
    {
        await _owner.BeginPostmortemAsync(_id);
        await _app.AccountAsync("rita@acme.example", Role.Responder);
        using var rita = await _app.SignInAsync("rita@acme.example");
        var late = await _owner.GetAsync(Path);
        await rita.WritePostmortemAsync(_id, "Root Cause", "Rita’s words.");
        Assert.Equal(HttpStatusCode.OK, rita.Status);
        var told = await _owner.SubmitAsync(
            late.Form("Save"),
            new Dictionary<string, object?> { [late.FieldOf("Root Cause")] = "My words.", ["Revenue"] = "$5" }
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, _owner.Status);
        Assert.Contains("rita@acme.example", told.Summary(), StringComparison.Ordinal);
        Assert.Equal(("My words.", "$5"), (told.TextOf("Root Cause"), told.QuerySelector<IHtmlInputElement>("#Revenue")!.Value));
        Assert.Equal("Rita’s words.", told.QuerySelector("details[open] .post")!.TextContent);
        await _owner.SubmitAsync(told.Form("Save"), new { });
        Assert.Equal(("My words.", "$5"), ((await _app.PostmortemAsync(_id)).BodyOf(PostmortemKind.RootCause), (await _app.PostmortemAsync(_id)).Revenue));
    }

    [Fact]
    public async Task Moments_are_changed_left_out_and_added_by_hand()
    {
        var page = await _owner.BeginPostmortemAsync(_id);
        var spare = page.QuerySelectorAll<IHtmlInputElement>("input[name$='.Text']").First(input => input.Value.Length == 0).Name!;
        var hand = spare.Replace(".Text", ".At", StringComparison.Ordinal);
        await _owner.SubmitAsync(
            page.Form("Save"),
            new Dictionary<string, object?>
            {
                ["Moments[0].Text"] = "Declared",
                ["Moments[1].IsIn"] = null,
                [spare] = "<b>Pager</b> rang",
                [hand] = "2026-01-01T10:00",
                ["UsersAffected"] = "10,000",
            }
        );
        var postmortem = await _app.PostmortemAsync(_id);
        Assert.Equal(10_000, postmortem.UsersAffected);
        Assert.Equal(
            [
                ("<b>Pager</b> rang", true),
                ("Declared", true),
                ("Root cause identified: A bad index.", false),
                ("Incident resolved: Requests succeed again.", true),
            ],
            postmortem.Timeline.Select(moment => (moment.Text, moment.IsIn))
        );
        var whole = await _owner.GetAsync(Path + "?read=1");
        Assert.Null(whole.QuerySelector(".document b"));
        Assert.Contains("<b>Pager</b> rang", whole.QuerySelector(".document")!.TextContent, StringComparison.Ordinal);
        var refused = await _owner.SubmitAsync(
            (await _owner.GetAsync(Path)).Form("Save"),
            new Dictionary<string, object?> { ["UsersAffected"] = "many", ["Moments[0].At"] = "soon" }
        );
        Assert.Equal("Enter how many users were affected, as a whole number.", refused.ErrorFor("UsersAffected"));
        Assert.Equal("many", refused.QuerySelector<IHtmlInputElement>("#UsersAffected")!.Value);
    }

    [Fact]
    public async Task Blame_is_met_with_a_question_while_typing_and_after_saving_and_stops_nothing()
    {
        await _owner.BeginPostmortemAsync(_id);
        await _app.AccountAsync("alice@acme.example", Role.Responder);
        var page = await _owner.WritePostmortemAsync(_id, "Root Cause", "Alice forgot the <i>flag</i>. The database failed to respond.");
        Assert.Equal(HttpStatusCode.OK, _owner.Status);
        var hint = page.QuerySelectorAll(".blame").Single();
        Assert.Equal("Alice forgot", hint.QuerySelector("mark")!.TextContent);
        Assert.Null(hint.QuerySelector("i"));
        var form = page.Form("Save");
        form.SetAttribute("action", page.QuerySelector("form[data-postmortem]")!.GetAttribute("data-postmortem")!);
        var typed = await _owner.SubmitAsync(form, new { text = "It was human error." });
        Assert.Equal("human error", typed.QuerySelector("mark")!.TextContent);
        Assert.Equal(2, (await _app.PostmortemAsync(_id)).Revision);
    }

    [Fact]
    public async Task Each_role_does_what_it_may()
    {
        await _app.AccountAsync("rita@acme.example", Role.Responder);
        await _app.AccountAsync("adam@acme.example", Role.Auditor);
        using var rita = await _app.SignInAsync("rita@acme.example");
        using var adam = await _app.SignInAsync("adam@acme.example");
        await rita.BeginPostmortemAsync(_id);
        await rita.WritePostmortemAsync(_id, "Root Cause", "A bad index.");
        var choice = await rita.GetAsync(Path + "/public");
        Assert.Empty(choice.QuerySelectorAll("button[formaction]"));
        Assert.All(choice.QuerySelectorAll("input[name=Chosen]"), box => Assert.True(box.HasAttribute("disabled")));
        await rita.SubmitAsync(choice.Form("Choose"), new { Chosen = "x" });
        Assert.Equal(HttpStatusCode.Forbidden, rita.Status);

        var read = await adam.GetAsync(Path);
        Assert.Contains("A bad index.", read.QuerySelector(".document")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(read.QuerySelectorAll("main form"));
        var form = (await _owner.GetAsync(Path)).Form("Save");
        var token = (await adam.GetAsync("/admin/account")).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value");
        await adam.SubmitAsync(form, new Dictionary<string, object?> { ["Revenue"] = "$1", ["__RequestVerificationToken"] = token });
        Assert.Equal(HttpStatusCode.Forbidden, adam.Status);
        Assert.Null((await _app.PostmortemAsync(_id)).Revenue);
    }

    [Fact]
    public async Task Reviewers_are_asked_by_mail_answer_and_comment()
    {
        await _app.AccountAsync("carl@acme.example", Role.Comms);
        using var carl = await _app.SignInAsync("carl@acme.example");
        await _owner.BeginPostmortemAsync(_id);
        // A stranger's name is no reviewer.
        var refused = await _owner.FillInAsync(Path, new Dictionary<string, object?> { ["Reviewers"] = "eve@evil.example" }, "form[action*=Ask]");
        Assert.Contains("Choose who looks at it.", refused.Body!.TextContent, StringComparison.Ordinal);
        await _owner.FillInAsync(Path, new Dictionary<string, object?> { ["Reviewers"] = "carl@acme.example" }, "form[action*=Ask]");
        var mail = await _mail.WaitForAsync(received => received.To == "carl@acme.example");
        Assert.Equal("Please review the postmortem: Elevated error rates", mail.Message.Subject);
        Assert.Contains(Path, mail.Text, StringComparison.Ordinal);
        Assert.Contains("It is in review", (await _owner.PublishPostmortemAsync(_id)).Summary(), StringComparison.Ordinal);

        await carl.FillInAsync(Path, new { About = "Root Cause", Comment = "Why <script>was</script> it **full**?" }, "form[action*=Comment]");
        var comment = (await _owner.GetAsync(Path)).QuerySelector(".notes li")!;
        Assert.Contains("· Root Cause", comment.TextContent, StringComparison.Ordinal);
        Assert.Equal(("full", 0), (comment.QuerySelector("strong")!.TextContent, comment.QuerySelectorAll("script").Length));
        await _owner.FillInAsync(Path, new { }, "form[action*=Finish]");
        Assert.Empty((await _owner.GetAsync(Path)).QuerySelectorAll("form[action*=Finish]"));

        await carl.FillInAsync(Path, new { approves = "false", Said = "Say why." }, "form[action*=Answer]");
        Assert.Contains("Say why.", (await _mail.WaitForAsync(received => received.To == Desk.Email)).Text, StringComparison.Ordinal);
        await _owner.WritePostmortemAsync(_id, "Root Cause", "Nothing rotated the logs.");
        await carl.FillInAsync(Path, new { approves = "true" }, "form[action*=Answer]");
        Assert.Equal(PostmortemState.Approved, (await _app.PostmortemAsync(_id)).State);
        await _owner.PublishPostmortemAsync(_id);
        Assert.NotNull((await _app.IncidentAsync(_id)).PostmortemPublishedAt);
        Assert.Equal("Published", (await _owner.GetAsync(Path)).QuerySelector(".bar .tag")!.TextContent);
    }

    /// <summary>A comment or an attribute is in the APIs' text, so whoever ticks sees it.</summary>
    [Fact]
    public async Task What_the_page_would_not_show_is_shown_where_it_is_ticked()
    {
        await _owner.BeginPostmortemAsync(_id);
        await _owner.WritePostmortemAsync(_id, "Root Cause", "An index <!-- Vesuvius --> was missing.\n\nPlain words.");
        var page = await _owner.GetAsync(Path + "/public");
        var typed = Assert.Single(page.QuerySelectorAll(".block pre.typed"));
        Assert.Equal("An index <!-- Vesuvius --> was missing.", typed.TextContent);
        Assert.Contains(
            "An index was missing.",
            typed.ParentElement!.TextContent.ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    /// <summary>A form of ASP.NET takes 1,024 values, unless somebody says otherwise.</summary>
    [Fact]
    public async Task A_postmortem_of_thousands_of_paragraphs_is_published()
    {
        await _owner.BeginPostmortemAsync(_id);
        await _owner.WritePostmortemAsync(_id, "Root Cause", string.Join("\n\n", Enumerable.Range(1, 1_500).Select(number => $"{number}")));
        await _owner.WritePostmortemAsync(_id, "What Went Well", string.Join("\n\n", Enumerable.Range(1, 1_500).Select(number => $"{number}")));
        await _owner.PublishPostmortemAsync(_id);
        Assert.Equal(HttpStatusCode.OK, _owner.Status);
        Assert.Contains("\n\n1499\n\n1500", (await _app.IncidentAsync(_id)).PostmortemBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reviewer_who_reads_while_an_action_item_changes_is_told()
    {
        await _app.AccountAsync("carl@acme.example", Role.Comms);
        using var carl = await _app.SignInAsync("carl@acme.example");
        await _owner.BeginPostmortemAsync(_id);
        await _owner.FillInAsync(Path, new Dictionary<string, object?> { ["Reviewers"] = "carl@acme.example" }, "form[action*=Ask]");
        var read = await carl.GetAsync(Path);
        await _owner.FillInAsync(Path, new Dictionary<string, object?> { ["Item.Title"] = "Say nothing" }, "form[action*=Item]");
        var told = await carl.SubmitAsync(read.Form("Answer"), new { approves = "true" });
        Assert.Contains("An action item was changed", told.Summary(), StringComparison.Ordinal);
        await carl.FillInAsync(Path, new { approves = "true" }, "form[action*=Answer]");
        Assert.Equal(PostmortemState.Approved, (await _app.PostmortemAsync(_id)).State);
        // One that comes after the approval is ticked, and asks for it once more.
        await _owner.FillInAsync(Path, new Dictionary<string, object?> { ["Item.Title"] = "Say all" }, "form[action*=Item]");
        Assert.Contains("It is in review", (await _owner.PublishPostmortemAsync(_id)).Summary(), StringComparison.Ordinal);
        Assert.Null((await _app.IncidentAsync(_id)).PostmortemPublishedAt);
        await _owner.PublishPostmortemAsync(_id, words: "Say nothing");
        Assert.NotNull((await _app.IncidentAsync(_id)).PostmortemPublishedAt);
        // Whoever gives an item another title has written it, and whoever ticks it off has not.
        var item = await _app.InStoreAsync(db => db.ActionItems.AsNoTracking().SingleAsync(row => row.Title == "Say nothing"));
        Assert.Equal(Desk.Email, item.WrittenBy);
        await carl.FillInAsync($"/admin/actions/{item.Id}", new { state = "done" }, "form[action*=Move]");
        Assert.Equal(Desk.Email, await _app.InStoreAsync(db => db.ActionItems.Where(row => row.Id == item.Id).Select(row => row.WrittenBy).SingleAsync()));
        await carl.FillInAsync($"/admin/actions/{item.Id}", new Dictionary<string, object?> { ["Form.Title"] = "Say less" }, "form.wide");
        Assert.Equal(
            "carl@acme.example",
            await _app.InStoreAsync(db => db.ActionItems.Where(row => row.Id == item.Id).Select(row => row.WrittenBy).SingleAsync())
        );
    }

    [Fact]
    public async Task Subscribers_are_told_once_where_the_publisher_wishes_and_the_apis_say_so()
    {
        await _app.SubscriberAsync("ann@customer.example");
        await _owner.BeginPostmortemAsync(_id);
        await _owner.WritePostmortemAsync(_id, "Root Cause", "An *index* was missing.");
        await _owner.PublishPostmortemAsync(_id, tells: true);
        var mail = await _mail.WaitForAsync(received => received.To == "ann@customer.example");
        Assert.Equal("[Status] Postmortem: Elevated error rates", mail.Message.Subject);
        Assert.Contains("An index was missing.", mail.Text, StringComparison.Ordinal);
        Assert.Contains($"/incidents/{_id}", mail.Text, StringComparison.Ordinal);
        var told = (await _api.GetAsync($"incidents/{_id}")).Json;
        Assert.True(told.GetProperty("postmortem_notified_subscribers").GetBoolean());
        Assert.True((await _api.GetAsync($"incidents/{_id}/postmortem")).Json.GetProperty("notify_subscribers").GetBoolean());
        // Published again, nobody is told again.
        await _owner.PublishPostmortemAsync(_id, tells: true);
        Assert.Equal(
            1,
            await _app.InStoreAsync(db =>
                db.Announcements.CountAsync(row => row.IncidentId == _id && row.Kind == Domain.Deliveries.AnnouncementKind.Postmortem)
            )
        );
        await _owner.FillInAsync(Path + "/public", new { }, "form[action*=Hide]");
        Assert.Null((await _app.IncidentAsync(_id)).PostmortemToldAt);
    }

    [Fact]
    public async Task What_the_api_wrote_becomes_the_beginning_and_the_api_still_writes_the_public_text()
    {
        await _api.SendTextAsync(
            HttpMethod.Put,
            $"incidents/{_id}/postmortem",
            """{"postmortem":{"body_draft":"Short.\n\n## Root cause\nA full disk.\n\n## Thanks\nTo all."}}"""
        );
        var page = await _owner.BeginPostmortemAsync(_id);
        Assert.Equal(("Short.", "A full disk.", "To all."), (page.TextOf("Summary"), page.TextOf("Root Cause"), page.TextOf("Thanks")));
        await _owner.FillInAsync(Path + "/public", new { }, "form[action*=Choose]");
        var preview = (await _owner.GetAsync(Path + "/public")).QuerySelector(".document")!.TextContent;
        Assert.Contains("A full disk.", preview, StringComparison.Ordinal);
        Assert.Contains("To all.", preview, StringComparison.Ordinal);
        // What was filled in beside it is for somebody to choose.
        Assert.DoesNotContain("Components: API", preview, StringComparison.Ordinal);
        await _owner.PublishPostmortemAsync(_id, words: "A full disk.");
        Assert.Equal("## Root Cause\n\nA full disk.", (await _app.IncidentAsync(_id)).PostmortemBody);
        await _api.SendTextAsync(HttpMethod.Put, $"incidents/{_id}/postmortem", """{"postmortem":{"body_draft":"By the API."}}""");
        Assert.Contains("By the API.", await _app.Http.GetStringAsync($"/incidents/{_id}"), StringComparison.Ordinal);
        Assert.Contains("other words than those", (await _owner.GetAsync(Path + "/public")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("A full disk.", (await _app.PostmortemAsync(_id)).BodyOf(PostmortemKind.RootCause));
    }

    [Fact]
    public async Task The_owner_changes_the_template_of_one_page_and_not_of_another()
    {
        var other = await _app.AddPageAsync("Beside", "beside");
        await _owner.FillInAsync("/admin/postmortem-template", new { Body = "## Summary\n## Five whys\n<!-- Ask on. -->\n1. Why?" }, "main form");
        var page = await _owner.BeginPostmortemAsync(_id);
        Assert.Equal("1. Why?", page.TextOf("Five whys"));
        Assert.Contains("Ask on.", page.QuerySelector(".part .hint")!.TextContent, StringComparison.Ordinal);
        Assert.False(await _app.InStoreAsync(db => db.PostmortemTemplates.AnyAsync(row => row.PageId == other.Id)));
        await _app.AccountAsync("oda@acme.example", Role.Owner, other.Id);
        using var oda = _app.NewBrowser();
        await oda.FillInAsync("/beside/admin/sign-in", new { Email = "oda@acme.example", Desk.Password });
        await oda.GetAsync($"/beside{Path}");
        Assert.Equal(HttpStatusCode.NotFound, oda.Status);
        await oda.GetAsync($"/beside{Path}/public");
        Assert.Equal(HttpStatusCode.NotFound, oda.Status);
    }
}
