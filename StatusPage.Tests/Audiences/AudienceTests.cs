using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Host;
using StatusPage.Web.Public;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Tests.Audiences;

/// <summary>A post for one audience reaches that audience and no other.</summary>
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
        await owner.FillInAsync(
            "/admin/incidents/new",
            new Dictionary<string, object?>(Desk.Example())
            {
                ["Update.Audiences"] = support.Id.Value,
                [$"Update.Wordings[{support.Id}]"] = "Tell callers the zebra words.",
            },
            "form[data-compose]"
        );
        await owner.FillInAsync(
            "/admin/incidents/new",
            new Dictionary<string, object?>(Desk.Example())
            {
                ["Title"] = "A giraffe for the board",
                ["Update.Body"] = "Only the board reads of the giraffe.",
                ["Update.Public"] = "false",
                ["Update.Audiences"] = board.Id.Value,
            },
            "form[data-compose]"
        );

        await mail.WaitForCountAsync(3);
        Assert.Contains("zebra", mail.To("agent@acme.example").Single().Text, StringComparison.Ordinal);
        Assert.DoesNotContain("zebra", Encoding.UTF8.GetString(mail.To("customer@customer.example").Single().Bytes), StringComparison.Ordinal);
        Assert.Contains("giraffe", mail.To("boss@acme.example").Single().Text, StringComparison.Ordinal);

        // Every public document, and the API.
        var edition = app.Services.GetRequiredService<PublicSites>().First.Current!;
        foreach (var (path, made) in await edition.AllAsync())
        {
            var text = Encoding.UTF8.GetString(made.Document.Plain.Body);
            Assert.False(text.Contains("zebra", StringComparison.Ordinal) || text.Contains("giraffe", StringComparison.Ordinal), path);
        }
        var api = await app.ApiAsync();
        var incidents = (await api.GetAsync("incidents")).Json.GetRawText();
        Assert.DoesNotContain("zebra", incidents, StringComparison.Ordinal);
        Assert.DoesNotContain("giraffe", incidents, StringComparison.Ordinal);

        // The group's page is closed without the link, and each shows its own posts.
        using var stranger = app.NewBrowser();
        var closed = await stranger.GetAsync($"/audiences/{support.Slug}");
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.Status);
        Assert.DoesNotContain("zebra", closed.Source.Text, StringComparison.Ordinal);
        using var member = app.NewBrowser();
        var page = await app.PageAsync();
        var key = SignedLink.TokenFor(SignedLinkPurpose.Manage, agent.Id, page.LinkKey);
        var shown = await member.GetAsync($"/audiences/{support.Slug}?key={key}");
        Assert.Equal($"/audiences/{support.Slug}", member.Location.PathAndQuery);
        Assert.Contains("zebra", shown.Source.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("giraffe", shown.Source.Text, StringComparison.Ordinal);
        await member.GetAsync($"/audiences/{board.Slug}?key={key}");
        Assert.Equal(HttpStatusCode.Unauthorized, member.Status);

        // A removed member is shut out at once.
        await app.InStoreAsync(db => db.Subscribers.WithMembers().Where(row => row.Id == agent.Id).ExecuteDeleteAsync());
        await member.GetAsync($"/audiences/{support.Slug}");
        Assert.Equal(HttpStatusCode.Unauthorized, member.Status);
    }

    [Fact]
    public async Task A_stranger_cannot_tell_a_group_from_none()
    {
        await using var mail = new MailServer();
        await using var app = await AppHost.StartAsync("--Email:Smtp", mail.Url, "--Email:From", "Acme <status@acme.example>");
        var (board, boss) = await GroupAsync(app, "Zebra board", "boss@acme.example");
        var (closed, _) = await GroupAsync(app, "Yesterday", "old@acme.example");
        await app.InStoreAsync(async db =>
        {
            db.Audiences.Single(row => row.Id == closed.Id).Close(DateTimeOffset.UtcNow);
            return await db.SaveChangesAsync();
        });
        using var other = app.NewClient();
        var strange = SignedLink.TokenFor(SignedLinkPurpose.Manage, (await app.SubscriberAsync("x@customer.example")).Id, (await app.PageAsync()).LinkKey);
        foreach (var rest in new[] { "", "/incidents/abcdefghijkl", $"?key={strange}", "?key=nonsense" })
        {
            var seen = new List<string>();
            foreach (var slug in new[] { board.Slug, closed.Slug, "never-there" })
            {
                using var answer = await app.Http.GetAsync($"/audiences/{slug}{rest}");
                seen.Add(await SeenAsync(answer, slug));
                using var withCookie = new HttpRequestMessage(HttpMethod.Get, $"/audiences/{slug}{rest}");
                withCookie.Headers.Add("Cookie", $"member={strange}");
                using var again = await app.Http.SendAsync(withCookie);
                seen.Add(await SeenAsync(again, slug));
            }
            Assert.Single(seen.Distinct());
            Assert.DoesNotContain("Zebra", seen[0], StringComparison.OrdinalIgnoreCase);
        }
        // Each gives the same answer to a request for a link, and gives it before anything is looked up.
        var said = new List<string>();
        foreach (var slug in new[] { "never-there", closed.Slug, board.Slug })
        {
            using var browser = app.NewBrowser();
            var page = await browser.FillInAsync($"/audiences/{slug}", new { Email = boss.Email });
            said.Add($"{browser.Status} {page.Body!.TextContent}");
        }
        Assert.Single(said.Distinct());
        await mail.WaitForCountAsync(1);
        Assert.Contains("Zebra board", mail.To("boss@acme.example").Single().Text, StringComparison.Ordinal);

        static async Task<string> SeenAsync(HttpResponseMessage answer, string slug)
        {
            var text = await answer.Content.ReadAsStringAsync();
            text = System
                .Text.RegularExpressions.Regex.Replace(text, "value=\"CfDJ[^\"]*\"", "value=TOKEN")
                .Replace(slug, "SLUG", StringComparison.Ordinal);
            var headers = answer
                .Headers.Where(header => header.Key is not ("Date" or "Set-Cookie" or "Content-Security-Policy"))
                .Select(header => $"{header.Key}: {string.Join(' ', header.Value)}");
            return $"{answer.StatusCode} {string.Join('\n', headers).Replace(slug, "SLUG", StringComparison.Ordinal)} "
                + $"{answer.Headers.Contains("Set-Cookie")} {text}";
        }
    }

    [Fact]
    public async Task A_member_has_three_links_sent_in_an_hour_and_no_more()
    {
        await using var mail = new MailServer();
        await using var app = await AppHost.StartAsync("--Email:Smtp", mail.Url, "--Email:From", "Acme <status@acme.example>");
        var (board, boss) = await GroupAsync(app, "Board", "boss@acme.example");
        var (support, agent) = await GroupAsync(app, "Support", "agent@acme.example");
        using var browser = app.NewBrowser();
        for (var i = 0; i < 6; i++)
            await browser.FillInAsync($"/audiences/{board.Slug}", new { Email = boss.Email });
        await browser.FillInAsync($"/audiences/{support.Slug}", new { Email = agent.Email });
        await mail.WaitForCountAsync(4);
        Assert.Equal((3, 1), (mail.To("boss@acme.example").Count, mail.To("agent@acme.example").Count));
    }

    private static Task<(Audience, Subscriber)> GroupAsync(AppHost app, string name, string address) =>
        app.InStoreAsync(async db =>
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
