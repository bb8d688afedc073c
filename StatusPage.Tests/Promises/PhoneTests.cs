using StatusPage.Tests.Host;

namespace StatusPage.Tests.Promises;

/// <summary>Promises in a real browser as wide as a phone.</summary>
public sealed class PhoneTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task Nothing_is_wider_than_a_phone_and_a_typed_time_is_told_in_utc()
    {
        await using var app = await AppHost.StartAsync(["--Demo", "true", .. Desk.Owner]);
        var page = await browser.NewPageAsync(app.BaseAddress);
        await page.SetViewportSizeAsync(375, 700);
        await page.GotoAsync("/admin/sign-in");
        await page.FillAsync("[name=Email]", Desk.Email);
        await page.FillAsync("[name=Password]", Desk.Password);
        await page.ClickAsync("main button");
        foreach (
            var path in new[]
            {
                "/admin/promises",
                "/admin/maintenances",
                "/admin/maintenances/new",
                "/admin/notifications",
                "/admin/promises/contacts/new?channel=pagerduty",
            }
        )
        {
            await page.GotoAsync(path);
            Assert.Equal((path, 375), (path, await page.EvaluateAsync<int>("document.documentElement.scrollWidth")));
        }
        await page.GotoAsync("/admin/maintenances/new");
        var year = DateTime.UtcNow.Year + 1;
        foreach (
            var (typed, utc) in new[] { ($"{year}-01-05T10:00", $"= Jan 5, {year}, 18:00 UTC"), ($"{year}-07-05T20:00", $"= Jul 6, {year}, 03:00 UTC") }
        )
        {
            await page.FillAsync("[name=ScheduledFor]", typed);
            await page.Locator("[name=ScheduledFor]").DispatchEventAsync("change");
            Assert.Equal(utc, await page.Locator("[data-utc]").First.TextContentAsync());
        }
        await page.GotoAsync("/admin/promises");
        await page.CheckAsync("[name=IsShown]");
        await page.ClickAsync("main button[data-main]");
        await page.GotoAsync("/promises");
        Assert.Equal(375, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.True(await page.GetByText("From the start to the first update").IsVisibleAsync());
    }
}
