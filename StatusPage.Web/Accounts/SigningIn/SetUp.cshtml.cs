using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Pages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>Makes the first owner, for the holder of the link that the program printed.</summary>
[AllowAnonymous]
[EnableRateLimiting(Limits.SignIn)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class SetUpPage(ChangeWriter writer, UserManager<Account> accounts, SignInManager<Account> signIn, Passwords passwords, FirstRun first)
    : PageModel
{
    [BindProperty(SupportsGet = true, Name = "token")]
    public string? SetUpToken { get; set; }

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? TimeZone { get; set; }

    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    public bool IsOpen { get; private set; }

    public IEnumerable<string> TimeZones => Zones.Names;

    public async Task OnGetAsync()
    {
        await CheckAsync();
        if (!IsOpen)
            return;
        var page = await writer.PageAsync(HttpContext.RequestAborted);
        (Name, TimeZone) = (page.Name == Settings.DefaultPageName ? null : page.Name, page.TimeZone);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var cancel = HttpContext.RequestAborted;
        await CheckAsync();
        if (!IsOpen)
            return Page();
        try
        {
            var page = await writer.Db.Pages.AtRoot().SingleAsync(cancel);
            var checks = new Checks();
            checks.Try(() => page.Configure(Name, Zones.Checked(TimeZone), page.ShowsSeverity, writer.Now));
            var address = checks.Try(() => EmailAddress.Checked(Email));
            var strength = await passwords.StrengthAsync(Password, $"{address} {Name}", cancel);
            checks.Refuse(strength.Objection is not null, strength.Objection ?? "", nameof(Password));
            checks.Enforce();
            if (await CreateOwnerAsync(page.Id, address, cancel) is { } owner)
            {
                await signIn.SignInAsync(owner, isPersistent: true);
                return LocalRedirect("~/admin");
            }
        }
        catch (RuleViolation violation)
        {
            this.Refuse(violation);
        }
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    private async Task<Account?> CreateOwnerAsync(Domain.PageId page, string address, CancellationToken cancel)
    {
        var owner = Account.New(address, writer.Now);
        var hash = ApiKey.HashOf(SetUpToken!);
        await using var transaction = await writer.Db.Database.BeginTransactionAsync(cancel);
        // The request that deletes the token's row is the one that uses it.
        if (await writer.Db.SetUpTokens.Where(token => token.Hash == hash).ExecuteDeleteAsync(cancel) == 0)
            return null;
        var made = await accounts.CreateAsync(owner, Password ?? "");
        foreach (var error in made.Errors)
            ModelState.AddModelError("", error.Description);
        if (!made.Succeeded)
            return null;
        await first.OwnAsync(owner, cancel);
        await writer.Db.SetUpTokens.ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        await writer.PublishAsync(page, new(address, "account.created", $"{address} (owner)"), cancel);
        return owner;
    }

    private async Task CheckAsync()
    {
        var hash = ApiKey.HashOf(SetUpToken ?? "");
        IsOpen = await writer.Db.SetUpTokens.AnyAsync(token => token.Hash == hash) && !await writer.Db.Users.AnyAsync();
    }
}
