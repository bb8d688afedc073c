using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Host;
using StatusPage.Web.Snapshot;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Tests.Audiences;

/// <summary>What is meant for one audience reaches that one, and no other.</summary>
public sealed class AudienceTests
{
    [Fact]
    public async Task Each_audience_gets_its_own_words_and_nobody_else_does()
    {
        await using var mail = new MailServer();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Email:Smtp", mail.Url, "--Email:From", "Acme <status@acme.example>"]);
        await app.SubscriberAsync("customer@customer.example");
        var (support, agent) = await GroupAsync(app, "Support", "agent@acme.example");
        var (board, _) = await GroupAsync(app, "Board", "boss@acme.example");
        using var owner = await app.SignInAsync();
        await owner.FillInAsync("/admin/incidents/new", new Dictionary<string, object?>(Desk.Example())
        {
            ["Update.Audiences"] = support.Id.Value, [$"Update.Wordings[{support.Id}]"] = "Tell callers the zebra words.",
        }, "form[data-compose]");
        await owner.FillInAsync("/admin/incidents/new", new Dictionary<string, object?>(Desk.Example())
        {
            ["Title"] = "A giraffe for the board", ["Update.Body"] = "Only the board reads of the giraffe.", ["Update.Public"] = "false", ["Update.Audiences"] = board.Id.Value,
        }, "form[data-compose]");

        await mail.WaitForCountAsync(3);
        Assert.Contains("zebra", mail.To("agent@acme.example").Single().Text, StringComparison.Ordinal);
        Assert.DoesNotContain("zebra", Encoding.UTF8.GetString(mail.To("customer@customer.example").Single().Bytes), StringComparison.Ordinal);
        Assert.Contains("giraffe", mail.To("boss@acme.example").Single().Text, StringComparison.Ordinal);

        // Every public byte there is, and the API.
        var edition = app.Services.GetRequiredService<PublicSites>().First.Current!;
        foreach (var (path, made) in edition.Made)
        {
            var text = Encoding.UTF8.GetString(made.Document.Plain.Body);
            Assert.False(text.Contains("zebra", StringComparison.Ordinal) || text.Contains("giraffe", StringComparison.Ordinal), path);
        }
        var api = await app.ApiAsync();
        var incidents = (await api.GetAsync("incidents")).Json.GetRawText();
        Assert.DoesNotContain("zebra", incidents, StringComparison.Ordinal);
        Assert.DoesNotContain("giraffe", incidents, StringComparison.Ordinal);

        // The group's page: closed without the link, and each shows its own.
        using var stranger = app.NewBrowser();
        var closed = await stranger.GetAsync($"/audiences/{support.Slug}");
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.Status);
        Assert.DoesNotContain("zebra", closed.Source.Text, StringComparison.Ordinal);
        using var member = app.NewBrowser();
        var page = await app.PageAsync();
        var key = SignedLink.TokenFor(LinkPurpose.Manage, agent.Id, page.LinkKey);
        var shown = await member.GetAsync($"/audiences/{support.Slug}?key={key}");
        Assert.Equal($"/audiences/{support.Slug}", member.Location.PathAndQuery);
        Assert.Contains("zebra", shown.Source.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("giraffe", shown.Source.Text, StringComparison.Ordinal);
        await member.GetAsync($"/audiences/{board.Slug}?key={key}");
        Assert.Equal(HttpStatusCode.Unauthorized, member.Status);

        // One who is removed is out at once.
        await app.InStoreAsync(db => db.Subscribers.WithMembers().Where(row => row.Id == agent.Id).ExecuteDeleteAsync());
        await member.GetAsync($"/audiences/{support.Slug}");
        Assert.Equal(HttpStatusCode.Unauthorized, member.Status);
    }

    private static Task<(Audience, Subscriber)> GroupAsync(AppHost app, string name, string address) => app.InStoreAsync(async db =>
    {
        var page = await app.PageAsync();
        var audience = Audience.Create(page.Id, name, new HashSet<string>(), DateTimeOffset.UtcNow);
        var member = Subscriber.Member(page.Id, audience.Id, address, DateTimeOffset.UtcNow);
        db.Add(audience);
        db.Add(member);
        await db.SaveChangesAsync();
        return (audience, member);
    });
}
