using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using StatusPage.Tests.Host;
using Browser = StatusPage.Tests.Host.Browser;

namespace StatusPage.Tests.Accounts;

/// <summary>Passkeys in a real Chromium with a virtual authenticator (WebAuthn, through the DevTools protocol).</summary>
public sealed class PasskeyTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task A_passkey_is_added_signs_in_without_a_password_and_can_be_removed()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        // A passkey belongs to a host name; an IP address will not do.
        var page = await browser.NewPageAsync(new Uri($"http://localhost:{app.BaseAddress.Port}"));
        await AddAuthenticatorAsync(page);
        await page.GotoAsync("/admin/sign-in");
        await page.GetByLabel("Email").FillAsync(Desk.Email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Desk.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.GotoAsync("/admin/account");
        await page.GetByLabel("Name of a new passkey").FillAsync("Work laptop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByText("Recovery codes").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "I have kept them" }).ClickAsync();
        await page.GetByRole(AriaRole.Cell, new() { Name = "Work laptop", Exact = true }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await page.IsAtAsync("/admin/sign-in$");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await page.IsAtAsync("/admin$");
        // It counts as two factors, so the owner may ask for them now.
        await page.GotoAsync("/admin/accounts");
        await page.GetByRole(AriaRole.Button, new() { Name = "Require a second factor" }).ClickAsync();
        await page.GetByText("Publishing takes a second factor now.").WaitForAsync();
        await page.GotoAsync("/admin/account");
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove Work laptop" }).ClickAsync();
        await page.GetByText("The passkey is removed.").WaitForAsync();
        Assert.Equal(0, await app.InStoreAsync(db => db.UserPasskeys.CountAsync()));
        var acts = await app.InStoreAsync(db => db.Audit.Select(entry => entry.Action).ToListAsync());
        Assert.Contains("account.passkey-added", acts);
        Assert.Contains("account.passkey-removed", acts);
    }

    [Fact]
    public async Task Who_has_a_passkey_shows_it_after_the_password_and_a_challenge_of_their_own_is_refused()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        var page = await browser.NewPageAsync(new Uri($"http://localhost:{app.BaseAddress.Port}"));
        await AddAuthenticatorAsync(page);
        await SignInAsync(page);
        await page.IsAtAsync("/admin$");
        await page.GotoAsync("/admin/account");
        await page.GetByLabel("Name of a new passkey").FillAsync("Work laptop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByText("Recovery codes").WaitForAsync();
        await page.GotoAsync("/admin");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await page.IsAtAsync("/admin/sign-in$");
        // The password alone does not sign anybody in.
        await SignInAsync(page);
        await page.IsAtAsync("/admin/sign-in/second");
        await page.GotoAsync("/admin/account");
        await page.IsAtAsync("/admin/sign-in");
        await SignInAsync(page);
        await page.IsAtAsync("/admin/sign-in/second");
        await page.EvaluateAsync(
            """
            () => {
              const original = PublicKeyCredential.parseRequestOptionsFromJSON.bind(PublicKeyCredential);
              PublicKeyCredential.parseRequestOptionsFromJSON = options =>
                original({ ...options, challenge: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" });
            }
            """
        );
        await page.GetByRole(AriaRole.Button, new() { Name = "Show your passkey" }).ClickAsync();
        await page.GetByText("That passkey was not accepted.").WaitForAsync();
        await SignInAsync(page);
        await page.IsAtAsync("/admin/sign-in/second");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show your passkey" }).ClickAsync();
        await page.IsAtAsync("/admin$");
        Assert.Equal(1, await app.InStoreAsync(db => db.Notices.CountAsync(row => row.Subject.StartsWith("A passkey was added"))));
    }

    private static async Task SignInAsync(IPage page)
    {
        await page.GotoAsync("/admin/sign-in");
        await page.GetByLabel("Email").FillAsync(Desk.Email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Desk.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    private static async Task AddAuthenticatorAsync(IPage page)
    {
        var tools = await page.Context.NewCDPSessionAsync(page);
        await tools.SendAsync("WebAuthn.enable");
        await tools.SendAsync(
            "WebAuthn.addVirtualAuthenticator",
            new Dictionary<string, object>
            {
                ["options"] = new Dictionary<string, object>
                {
                    ["protocol"] = "ctap2",
                    ["transport"] = "internal",
                    ["hasResidentKey"] = true,
                    ["hasUserVerification"] = true,
                    ["isUserVerified"] = true,
                    ["automaticPresenceSimulation"] = true,
                },
            }
        );
    }
}
