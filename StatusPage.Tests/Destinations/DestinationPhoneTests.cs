using StatusPage.Domain;
using StatusPage.Domain.Destinations;
using StatusPage.Tests.Host;
using StatusPage.Tests.Postmortems;

namespace StatusPage.Tests.Destinations;

/// <summary>Destinations and what stands elsewhere, in a real browser as wide as a phone and as a desk.</summary>
public sealed class DestinationPhoneTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(375)]
    [InlineData(1280)]
    public async Task Nothing_is_wider_than_the_window_and_nothing_is_cut(int width)
    {
        await using var app = await AppHost.StartAsync(DestinationApp.Args);
        await using var there = await GitHubServer.StartAsync();
        using var api = await app.ApiAsync();
        using var owner = await app.SignInAsync();
        var destination = await app.GitHubAsync(there);
        var incident = IncidentId.Of(await api.LearnedAsync());
        await owner.BeginPostmortemAsync(incident);
        await PostmortemActs.ItemAsync(app, incident, new string('x', 256));
        there.Fail("POST", "/issues", new(422, $$"""{"message":"{{new string('y', 200)}}"}"""));
        await api.PostAsync($"incidents/{incident}/action_items/send", new { destination = "GitHub" });
        await app.LinkAsync("it stopped", link => link.State == LinkState.Stopped);

        var page = await browser.NewPageAsync(app.BaseAddress);
        await page.SetViewportSizeAsync(width, 800);
        await page.GotoAsync("/admin/sign-in");
        await page.FillAsync("[name=Email]", Desk.Email);
        await page.FillAsync("[name=Password]", Desk.Password);
        await page.ClickAsync("main button");
        string[] paths =
        [
            "/admin/destinations",
            $"/admin/destinations/{destination.Id}",
            "/admin/destinations/new?kind=confluence",
            "/admin/record",
            PostmortemActs.PathOf(incident),
        ];
        foreach (var path in paths)
        {
            await page.GotoAsync(path);
            Assert.Equal((path, width), (path, await page.EvaluateAsync<int>("document.documentElement.scrollWidth")));
            if (path == "/admin/record")
                Assert.True(
                    await page.EvaluateAsync<bool>(
                        "[...document.querySelectorAll('.bars .scale span')].length > 0 && "
                            + "[...document.querySelectorAll('.bars .scale span')].every(month => month.offsetHeight < 30)"
                    ),
                    "A month is broken within its word."
                );
        }
        Assert.InRange(await RightOfAsync("section[aria-labelledby=elsewhere] td.reason"), 1, width);
        Assert.InRange(await RightOfAsync("section[aria-labelledby=elsewhere] td.what"), 1, width);
        // A time with AM or PM and the sign of the picker.
        if (width == 1280)
            Assert.True(await page.EvaluateAsync<double>("document.querySelector('.moments input[type=datetime-local]').offsetWidth") >= 240);

        Task<double> RightOfAsync(string cell) => page.EvaluateAsync<double>($"document.querySelector('{cell}').getBoundingClientRect().right");
    }
}
