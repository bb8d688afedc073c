using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Drafts;
using StatusPage.Tests.Host;
using static Microsoft.Playwright.Assertions;

namespace StatusPage.Tests.Drafts;

/// <summary>The composer in a real browser.</summary>
public sealed class ComposerTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly string[] Settings = [.. Desk.Owner, "--Page:Name", "Acme", "--Page:TimeZone", "America/Los_Angeles"];

    [Fact]
    public async Task The_previews_follow_the_typing_and_say_who_will_get_it()
    {
        await using var app = await AppHost.StartAsync(Settings);
        var component = await app.ComponentAsync("API");
        await app.SubscriberAsync("everything@customer.example");
        await app.SubscriberAsync("api@customer.example", component.Id);
        await AddAccountAsync(app, Channel.X);
        await AddAccountAsync(app, Channel.Mastodon);
        var desk = await SignedInAsync(app);
        var errors = new List<string>();
        desk.Console += (_, message) =>
        {
            if (message.Type == "error")
                errors.Add(message.Text);
        };

        await desk.GotoAsync("/admin/incidents/new");
        await desk.Keyboard.TypeAsync("Elevated error rates on our API");
        await desk.GetByRole(AriaRole.Radio, new() { Name = "SEV2" }).CheckAsync();
        await desk.GetByLabel("What happened?").FillAsync("We are investigating **elevated** error rates.");
        var goes = desk.Locator("[data-goes]");
        await Expect(goes).ToHaveTextAsync("Goes to the page, the feeds, 1 by email, X, Mastodon.");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Post to the page, 1 mail, X, Mastodon" }).WaitForAsync();
        await desk.GetByLabel("API", new() { Exact = true }).CheckAsync();
        await Expect(goes).ToHaveTextAsync("Goes to the page, the feeds, 2 by email, X, Mastodon.");

        var page = desk.FrameLocator("#panel-page iframe");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Elevated error rates on our API");
        await Expect(page.Locator(".timeline strong >> nth=1")).ToHaveTextAsync("elevated");
        await Expect(page.GetByText("API: operational → partial outage")).ToBeVisibleAsync();
        await desk.GetByRole(AriaRole.Tab, new() { Name = "Page" }).FocusAsync();
        await desk.Keyboard.PressAsync("ArrowRight");
        await Expect(desk.GetByRole(AriaRole.Tab, new() { Name = "Email", Exact = true })).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(desk.FrameLocator("#panel-mail iframe").GetByText("We are investigating elevated error rates.").Last).ToBeVisibleAsync();
        await desk.Keyboard.PressAsync("ArrowRight");
        await Expect(desk.Locator("#panel-text")).ToContainTextAsync("Subject: [Acme] Investigating: Elevated error rates on our API");
        await desk.Keyboard.PressAsync("End");
        await Expect(desk.Locator("#panel-mastodon")).ToContainTextAsync("[Investigating] Elevated error rates on our API");
        await desk.GetByRole(AriaRole.Tab, new() { Name = "X", Exact = true }).ClickAsync();
        await Expect(desk.Locator("#panel-x")).ToContainTextAsync("of 280 characters left");

        // The preview follows while the same tab stays chosen.
        await desk.GetByLabel("Who is affected, and how much?").FillAsync("~15% of requests failing");
        await Expect(desk.Locator("#panel-x")).ToContainTextAsync("Impact: ~15% of requests failing.");
        await desk.GetByText("How is it told?").ClickAsync();
        await desk.GetByRole(AriaRole.Checkbox, new() { Name = "X", Exact = true }).UncheckAsync();
        await Expect(goes).ToHaveTextAsync("Goes to the page, the feeds, 2 by email, Mastodon.");
        await desk.GetByLabel("Post silently").CheckAsync();
        await Expect(goes).ToContainTextAsync("nobody is told");
        Assert.Equal(0, await app.InStoreAsync(db => db.Incidents.CountAsync()));
        Assert.Empty(errors);

        await desk.GetByLabel("Post silently").UncheckAsync();
        await desk.Keyboard.PressAsync("Control+Enter");
        await desk.IsAtAsync("/admin/incidents/(?!new)");
        var posted = await app.InStoreAsync(db => db.Incidents.Include(row => row.Updates).SingleAsync());
        Assert.Equal(TimeSpan.FromMinutes(30), posted.NextUpdateBy - posted.StartedAt);
        Assert.False(posted.Latest.Channels.Contains(Channel.X));
        Assert.Equal(DraftState.Published, (await app.InStoreAsync(db => db.Drafts.SingleAsync())).State);
        await Eventually.TrueAsync(
            "two mails and a toot",
            () =>
                app.InStoreAsync(async db =>
                    (await db.Deliveries.ToListAsync()).Select(row => row.Channel).Order().SequenceEqual([Channel.Email, Channel.Email, Channel.Mastodon])
                )
        );
    }

    [Fact]
    public async Task Of_forty_components_one_is_found_ticked_and_stands_on_top_and_nothing_covers_the_field_that_has_the_cursor()
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Demo", "large"]);
        var desk = await SignInAsync(app, await browser.NewPageAsync(app.BaseAddress, height: 720));
        await desk.Keyboard.PressAsync("n");
        await desk.IsAtAsync("/admin/incidents/new");
        await Expect(desk.Locator("[data-find]")).ToBeFocusedAsync();
        await desk.Keyboard.TypeAsync("checkout");
        await Expect(desk.Locator(".list [data-row]:visible")).ToHaveCountAsync(1);
        await desk.Keyboard.PressAsync("Enter");
        await Expect(desk.Locator("[data-chosen] [data-row]")).ToHaveCountAsync(1);
        await desk.Locator(".list summary", new() { HasText = "Mobile" }).ClickAsync();
        var mobile = desk.Locator(".list details[open]");
        await mobile.GetByLabel("The whole group").CheckAsync();
        await Expect(desk.Locator("[data-chosen] [data-row]")).ToHaveCountAsync(6);
        await desk.Locator("[data-chosen] [data-tick]").Last.UncheckAsync();
        await Expect(desk.Locator("[data-chosen] [data-row]")).ToHaveCountAsync(5);
        Assert.Equal(
            "indeterminate",
            await mobile.GetByLabel("The whole group").EvaluateAsync<string>("box => box.indeterminate ? 'indeterminate' : 'whole'")
        );

        // Through the whole form by the keyboard: whatever has the focus is seen.
        await desk.Locator("[data-find]").FocusAsync();
        for (var step = 0; step < 40; step++)
        {
            await desk.Keyboard.PressAsync("Tab");
            var under = await desk.EvaluateAsync<string>(
                """
                () => {
                  const one = document.activeElement, foot = document.querySelector(".foot"), form = document.querySelector("form[data-compose]");
                  if (!form.contains(one) || foot.contains(one)) return foot.contains(one) ? "foot" : "";
                  const at = one.getBoundingClientRect();
                  return at.bottom > foot.getBoundingClientRect().top ? one.outerHTML.slice(0, 80) : "";
                }
                """
            );
            if (under == "foot")
                break;
            Assert.Equal("", under);
        }
        await desk.EvaluateAsync("() => document.activeElement.blur()");
        await desk.Keyboard.PressAsync("u");
        await Expect(desk.GetByLabel("What happened?")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task What_was_typed_outlives_a_closed_tab_and_a_restart_of_the_server()
    {
        using var folder = new TempFolder();
        await using (var app = await AppHost.StartAsync(folder, null, Settings))
        {
            var desk = await SignedInAsync(app);
            await desk.GotoAsync("/admin/incidents/new");
            await desk.GetByLabel("What is broken?").FillAsync("Half a headline");
            await Expect(desk.Locator("[data-kept]")).ToHaveTextAsync("Saved as a draft");
            // The end of the sentence is typed, and the tab is closed before it could be saved.
            await desk.GetByLabel("What happened?").FillAsync("The rest of the sentence");
            await desk.CloseAsync(new() { RunBeforeUnload = true });
            await Eventually.TrueAsync(
                "the whole sentence is kept",
                () => app.InStoreAsync(db => db.Drafts.AnyAsync(draft => draft.Content.Contains("The rest of the sentence")))
            );
        }
        await using (var app = await AppHost.StartAsync(folder, null, Settings))
        {
            var desk = await SignedInAsync(app);
            await desk.GotoAsync("/admin");
            await desk.GetByRole(AriaRole.Link, new() { Name = "Half a headline" }).ClickAsync();
            await Expect(desk.GetByLabel("What is broken?")).ToHaveValueAsync("Half a headline");
            await Expect(desk.GetByLabel("What happened?")).ToHaveValueAsync("The rest of the sentence");
        }
    }

    [Fact]
    public async Task What_is_typed_after_the_session_has_ended_stays_in_the_browser_until_it_can_be_saved()
    {
        await using var app = await AppHost.StartAsync(Settings);
        var desk = await SignedInAsync(app);
        await desk.GotoAsync("/admin/incidents/new");
        await desk.Context.ClearCookiesAsync();
        await desk.GetByLabel("What is broken?").FillAsync("Typed without a session");
        await Expect(desk.Locator("[data-kept]")).ToContainTextAsync("Your session has ended");
        await desk.CloseAsync();

        var again = await SignInAsync(app, await desk.Context.NewPageAsync());
        await again.GotoAsync("/admin/incidents/new");
        await again.GetByRole(AriaRole.Button, new() { Name = "Put it back" }).ClickAsync();
        await Expect(again.GetByLabel("What is broken?")).ToHaveValueAsync("Typed without a session");
        await Expect(again.Locator("[data-kept]")).ToHaveTextAsync("Saved as a draft");
        Assert.Equal("Typed without a session", (await app.InStoreAsync(db => db.Drafts.SingleAsync())).Title);
    }

    private async Task<IPage> SignedInAsync(AppHost app) => await SignInAsync(app, await browser.NewPageAsync(app.BaseAddress));

    private static async Task<IPage> SignInAsync(AppHost app, IPage page)
    {
        await page.GotoAsync(new Uri(app.BaseAddress, "/admin/sign-in").ToString());
        await page.GetByLabel("Email").FillAsync(Desk.Email);
        await page.GetByLabel("Password").FillAsync(Desk.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.IsAtAsync("/admin$");
        return page;
    }

    private static Task<int> AddAccountAsync(AppHost app, Channel channel) =>
        app.InStoreAsync(async db =>
        {
            db.ChannelAccounts.Add(
                ChannelAccount.Add((await app.PageAsync()).Id, channel, channel.Label(), "https://social.example", "acme", "", DateTimeOffset.UtcNow)
            );
            return await db.SaveChangesAsync();
        });
}
