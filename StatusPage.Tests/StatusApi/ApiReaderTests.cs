using Microsoft.Playwright;
using StatusPage.Tests.Host;
using static Microsoft.Playwright.Assertions;

namespace StatusPage.Tests.StatusApi;

/// <summary>The API's description in a browser, under our own policy.</summary>
public sealed class ApiReaderTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData("")]
    [InlineData("/eu")]
    public async Task The_calls_are_shown_and_nothing_is_asked_of_other_hosts(string under)
    {
        await using var app = await AppHost.StartAsync(Host.Desk.Owner);
        if (under.Length > 0)
        {
            using var owner = await app.SignInAsync();
            await owner.FillInAsync(
                "/admin/pages",
                new
                {
                    Name = "Acme Europe",
                    TimeZone = "Europe/Berlin",
                    Slug = "eu",
                },
                "form:has(button[data-main])"
            );
        }
        var page = await browser.NewPageAsync(app.BaseAddress);
        var errors = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                errors.Add(message.Text);
        };
        page.PageError += (_, error) => errors.Add(error);
        page.Request += (_, request) =>
        {
            if (
                !request.Url.StartsWith(app.BaseAddress.ToString(), StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal)
                && !request.Url.StartsWith("blob:", StringComparison.Ordinal)
            )
                errors.Add(request.Url);
        };
        await page.GotoAsync($"{under}/api/docs");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "StatusPage API" })).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(page.GetByText($"{app.BaseAddress.ToString().TrimEnd('/')}{under}").First).ToBeVisibleAsync();
        Assert.Equal([], errors);
    }
}
