using Microsoft.Playwright;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Deliveries;

/// <summary>The progress of deliveries in a real browser.</summary>
public sealed class ProgressTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task The_bar_follows_by_itself_and_stops_when_all_is_done()
    {
        await using var mail = new MailServer();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Email:Smtp", mail.Url]);
        for (var i = 0; i < 3; i++)
            await app.SubscriberAsync($"s{i}@customer.example");
        mail.HoldAnswers();
        var desk = await browser.NewPageAsync(app.BaseAddress);
        var faults = new List<string>();
        desk.Console += (_, message) =>
        {
            if (message.Type == "error")
                faults.Add(message.Text);
        };
        await desk.GotoAsync("/admin/sign-in");
        await desk.FillAsync("input[type=email]", Desk.Email);
        await desk.FillAsync("input[type=password]", Desk.Password);
        await desk.ClickAsync("button");
        await desk.IsAtAsync("/admin$");
        await desk.GotoAsync("/admin/incidents/new");
        await desk.FillAsync("[name=Title]", "Elevated error rates");
        await desk.FillAsync("[name='Update.Body']", "We are investigating.");
        await desk.ClickAsync("button[data-main]");
        var line = desk.Locator(".progress [data-summary]");
        await Assertions.Expect(line).ToContainTextAsync("0 of 3", new() { Timeout = 30_000 });
        mail.Release();
        await Assertions.Expect(line).ToContainTextAsync("3 of 3 · sent to 3", new() { Timeout = 30_000 });
        await Assertions.Expect(desk.Locator("[data-followed]")).ToContainTextAsync("sent to 3", new() { Timeout = 30_000 });
        Assert.Empty(faults);
    }
}
