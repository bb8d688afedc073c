using System.Net;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Subscriptions;

/// <summary>Limits on the mails that strangers can make a page send.</summary>
public sealed class ConfirmationLimitsTests
{
    [Theory]
    [InlineData("Ann+news@Example.com", "ann@example.com")]
    [InlineData("ann@example.com", "ann@example.com")]
    [InlineData("a.n.n@example.com", "a.n.n@example.com")]
    [InlineData("a.n.n+x+y@gmail.com", "ann@gmail.com")]
    [InlineData("ann@googlemail.com", "ann@gmail.com")]
    [InlineData("+ann@example.com", "+ann@example.com")]
    [InlineData("ann+@example.com", "ann@example.com")]
    public void An_address_with_a_plus_is_the_same_mailbox(string address, string mailbox) => Assert.Equal(mailbox, EmailAddress.Mailbox(address));

    [Fact]
    public async Task One_mailbox_gets_three_mails_in_an_hour_however_its_address_is_written()
    {
        await using var mail = new MailServer();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Email:Smtp", mail.Url]);
        using var browser = app.NewBrowser();
        var said = new List<string>();
        foreach (var address in Enumerable.Range(0, 8).Select(i => $"ann+{i}@customer.example"))
            said.Add((await browser.FillInAsync("/subscribe", new { Email = address })).Body!.TextContent);
        await browser.FillInAsync(
            "/subscribe",
            new
            {
                By = "webhook",
                Email = "ann+hook@customer.example",
                Endpoint = "https://hooks.customer.example/x",
            }
        );
        await browser.FillInAsync("/subscribe", new { Email = "ben@customer.example" });
        await mail.WaitForCountAsync(4);
        Assert.Single(said.Distinct());
        Assert.Equal(4, await app.InStoreAsync(db => db.Announcements.CountAsync()));
        // An address that got no mail has no row that waits for a confirmation.
        Assert.Equal(4, await app.InStoreAsync(db => db.Subscribers.CountAsync()));
        using var api = await app.ApiAsync();
        (await api.PostAsync("subscribers", new { subscriber = new { email = "ann+api@customer.example" } })).ExpectError(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Many_at_once_are_no_way_around_it()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(async i =>
                {
                    using var browser = app.NewBrowser();
                    await browser.FillInAsync("/subscribe", new { Email = $"ann+{i}@customer.example" });
                })
        );
        Assert.Equal(3, await app.InStoreAsync(db => db.Announcements.CountAsync()));
    }

    [Fact]
    public async Task Beyond_the_ceiling_of_a_page_everybody_is_told_so_and_its_owner_once()
    {
        await using var mail = new MailServer();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Email:Smtp", mail.Url, "--Limits:ConfirmationsPerHour", "4"]);
        await app.SubscriberAsync("known@customer.example");
        var beside = await app.AddPageAsync("Beside", "beside");
        using var browser = app.NewBrowser();
        for (var i = 0; i < 4; i++)
        {
            await browser.FillInAsync("/subscribe", new { Email = $"reader{i}@customer.example" });
            Assert.Equal(HttpStatusCode.OK, browser.Status);
        }
        // The answer is the same for subscribed and other addresses, and the typed values are still there.
        var said = new List<string>();
        foreach (var address in new[] { "known@customer.example", "new@customer.example" })
        {
            var page = await browser.FillInAsync("/subscribe", new { Email = address });
            Assert.Equal(HttpStatusCode.TooManyRequests, browser.Status);
            Assert.Equal(address, page.QuerySelector("#Email")!.GetAttribute("value"));
            said.Add(page.QuerySelector("[role=alert]")!.TextContent.Trim());
        }
        Assert.StartsWith("So many people are subscribing", Assert.Single(said.Distinct()), StringComparison.Ordinal);
        using var api = await app.ApiAsync();
        var refused = await api.PostAsync("subscribers", new { subscriber = new { email = "api@customer.example" } });
        refused.ExpectError(HttpStatusCode.TooManyRequests);
        Assert.InRange(refused.Response.Headers.RetryAfter!.Delta!.Value.TotalMinutes, 50, 60);
        using var desk = await app.SignInAsync();
        var pending = await app.InStoreAsync(db => db.Subscribers.FirstAsync(row => row.State == SubscriptionState.Pending));
        var edit = await desk.GetAsync($"/admin/subscribers/{pending.Id}");
        await desk.SubmitAsync(edit.Form("Ask"), new { });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, desk.Status);

        await browser.FillInAsync("/beside/subscribe", new { Email = "reader9@customer.example" });
        Assert.Equal(HttpStatusCode.OK, browser.Status);
        await mail.WaitForCountAsync(6);
        Assert.Contains("No more confirmations", Assert.Single(mail.To(Desk.Email)).Message.Subject, StringComparison.Ordinal);
        Assert.Equal(beside.Id, (await app.InStoreAsync(db => db.Subscribers.FirstAsync(row => row.Email == "reader9@customer.example"))).PageId);
        Assert.False(
            await app.InStoreAsync(db => db.Subscribers.AnyAsync(row => row.Email == "new@customer.example" || row.Email == "api@customer.example"))
        );
    }
}
