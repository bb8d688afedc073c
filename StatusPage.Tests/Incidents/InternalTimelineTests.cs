using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Channels;
using StatusPage.Tests.Host;
using StatusPage.Web.Public;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Tests.Incidents;

/// <summary>Internal notes stay within the team.</summary>
public sealed class InternalTimelineTests : IAsyncLifetime
{
    private const string Secret = "Vesuvius";
    private readonly MailServer _mail = new();
    private AppHost _app = null!;
    private BrowserSession _owner = null!;
    private string _path = "";

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync([.. Desk.Owner, "--Email:Smtp", _mail.Url, "--Email:From", "Acme <status@acme.example>"]);
        _owner = await _app.SignInAsync();
        await _app.SubscriberAsync("ann@customer.example");
        await _owner.FillInAsync("/admin/incidents/new", Desk.Example(), "form[data-compose]");
        _path = _owner.Location.AbsolutePath;
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _app.DisposeAsync();
        await _mail.DisposeAsync();
    }

    [Fact]
    public async Task Notes_and_roles_reach_no_public_byte()
    {
        await _app.AccountAsync("rita@acme.example", Role.Responder);
        using var rita = await _app.SignInAsync("rita@acme.example");
        await rita.FillInAsync(_path, new { Note = $"The disk of **{Secret}** is full." }, "form[action*=Note]");
        Assert.Equal(HttpStatusCode.OK, rita.Status);
        await rita.FillInAsync(
            _path,
            new Dictionary<string, object?> { ["Team[Commander]"] = $"{Secret} Cole", ["Team[Scribe]"] = "rita@acme.example" },
            "form[action*=Team]"
        );
        var shown = (await _owner.GetAsync(_path)).QuerySelector("#internal")!;
        Assert.Contains($"The disk of {Secret} is full.", shown.TextContent, StringComparison.Ordinal);
        Assert.Contains(
            $"Incident commander: {Secret} Cole · Scribe: rita@acme.example",
            shown.QuerySelector("summary")!.TextContent,
            StringComparison.Ordinal
        );
        await _owner.FillInAsync(_path, new Dictionary<string, object?> { ["Team[Scribe]"] = "" }, "form[action*=Team]");
        Assert.Equal(1, await _app.InStoreAsync(db => db.IncidentAssignments.CountAsync()));
        Assert.Equal(
            ["incident.noted", "incident.roles-assigned", "incident.roles-assigned"],
            await _app.InStoreAsync(db =>
                db.Audit.Where(row => row.Action == "incident.noted" || row.Action == "incident.roles-assigned")
                    .OrderBy(row => row.Id)
                    .Select(row => row.Action)
                    .ToListAsync()
            )
        );

        // A post after that renders everything again.
        await _owner.FillInAsync(_path, new Dictionary<string, object?> { ["Update.Body"] = "We found it." }, "form[data-compose]");
        await _mail.WaitForCountAsync(2);
        string[] words = [Secret, "rita@", "commander", Desk.Email];
        foreach (var (path, made) in await _app.Services.GetRequiredService<PublicSites>().First.Current!.AllAsync())
            AssertNone(words, Encoding.UTF8.GetString(made.Document.Plain.Body), path, except: path.StartsWith("/assets/", StringComparison.Ordinal));
        foreach (var mail in _mail.Received)
            AssertNone(words, Encoding.UTF8.GetString(mail.Bytes) + mail.Text + mail.Html, "mail");
        using var api = await _app.ApiAsync();
        AssertNone(words, (await api.GetAsync("incidents")).Json.GetRawText(), "v1");
    }

    [Fact]
    public async Task Nor_do_they_reach_a_channel_or_a_stakeholder()
    {
        await using var all = await Services.StartAsync([], [.. ChannelKinds.OfAccounts]);
        var page = await all.App.PageAsync();
        var audience = Audience.Create(page.Id, "Support", new HashSet<string>(), DateTimeOffset.UtcNow);
        var member = Subscriber.Member(page.Id, audience.Id, "agent@acme.example", DateTimeOffset.UtcNow);
        var hook = Subscriber.ByWebhook(page.Id, $"{all.Sink.Url}/hook", "ann@example.com", DateTimeOffset.UtcNow);
        hook.Confirm(DateTimeOffset.UtcNow);
        await all.App.InStoreAsync(db =>
        {
            db.AddRange(audience, member, hook);
            return db.SaveChangesAsync();
        });
        await all.Owner.FillInAsync(
            "/admin/incidents/new",
            new Dictionary<string, object?>(Desk.Example()) { ["Update.Audiences"] = audience.Id.Value },
            "form[data-compose]"
        );
        var path = all.Owner.Location.AbsolutePath;
        await all.Owner.FillInAsync(path, new { Note = $"The disk of **{Secret}** is full." }, "form[action*=Note]");
        await all.Owner.FillInAsync(path, new Dictionary<string, object?> { ["Team[Commander]"] = $"{Secret} Cole" }, "form[action*=Team]");
        await all.Owner.FillInAsync(
            path,
            new Dictionary<string, object?> { ["Update.Body"] = "We found it.", ["Update.Audiences"] = audience.Id.Value },
            "form[data-compose]"
        );
        await Eventually.TrueAsync(
            "every channel is told of both posts",
            () =>
                all.App.InStoreAsync(async db =>
                    await db.Deliveries.CountAsync(row => row.State == DeliveryState.Sent) == 2 * (ChannelKinds.OfAccounts.Count + 2)
                )
        );
        foreach (var request in all.Sink.Received)
            AssertNone([Secret, "commander"], request.Text, request.Path);
        using var agent = all.App.NewBrowser();
        var shown = await agent.GetAsync(
            $"/audiences/{audience.Slug}?key={SignedLink.TokenFor(Web.Subscriptions.SignedLinkPurpose.Manage, member.Id, page.LinkKey)}"
        );
        Assert.Contains("We found it.", shown.Source.Text, StringComparison.Ordinal);
        AssertNone([Secret, "commander"], shown.Source.Text, "the group's page");
        AssertNone(
            [Secret, "commander"],
            (await agent.GetAsync($"/audiences/{audience.Slug}/incidents/{path.Split('/')[^1]}")).Source.Text,
            "the group's incident"
        );
    }

    [Fact]
    public async Task A_note_is_copied_into_the_next_update_and_posted_only_by_hand()
    {
        await _owner.FillInAsync(_path, new { Note = "The failover has begun." }, "form[action*=Note]");
        var page = await _owner.GetAsync((await _owner.GetAsync(_path)).QuerySelector<IHtmlAnchorElement>("#internal li a")!.GetAttribute("href")!);
        Assert.Equal("The failover has begun.", page.QuerySelector("#Update_Body")!.TextContent.Trim());
        Assert.Equal(1, await _app.InStoreAsync(db => db.Incidents.Select(row => row.Updates.Count).SingleAsync()));
    }

    [Fact]
    public async Task Auditors_read_it_and_write_nothing()
    {
        await _owner.FillInAsync(_path, new { Note = "The disk is full." }, "form[action*=Note]");
        await _app.AccountAsync("adam@acme.example", Role.Auditor);
        using var adam = await _app.SignInAsync("adam@acme.example");
        var page = await adam.GetAsync(_path);
        Assert.Contains("The disk is full.", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("#internal form"));
        var form = (await _owner.GetAsync(_path)).QuerySelector<IHtmlFormElement>("form[action*=Note]")!;
        var token = (await adam.GetAsync("/admin/account")).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value");
        await adam.SubmitAsync(form, new Dictionary<string, object?> { ["Note"] = "Mine", ["__RequestVerificationToken"] = token });
        Assert.Equal(HttpStatusCode.Forbidden, adam.Status);
        Assert.Equal(1, await _app.InStoreAsync(db => db.IncidentNotes.CountAsync()));
    }

    private static void AssertNone(string[] words, string text, string where, bool except = false)
    {
        foreach (var word in words)
            Assert.False(!except && text.Contains(word, StringComparison.OrdinalIgnoreCase), $"'{word}' is in {where}.");
    }
}
