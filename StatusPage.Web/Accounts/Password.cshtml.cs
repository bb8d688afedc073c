using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using StatusPage.Domain;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Accounts;

[EnableRateLimiting(Limits.SignIn)]
public sealed class PasswordPage(Desk desk, UserManager<Account> accounts, SignInManager<Account> signIn) : AdminPage(desk)
{
    [BindProperty]
    public string? OldPassword { get; set; }

    [BindProperty]
    public string? NewPassword { get; set; }

    public void OnGet() { }

    public Task<IActionResult> OnPostAsync() => AttemptAsync(allowed: true, async () =>
    {
        var account = await accounts.GetUserAsync(User) ?? throw new RuleViolation("Your account is gone. Ask an owner.");
        var changed = await accounts.ChangePasswordAsync(account, OldPassword ?? "", NewPassword ?? "");
        if (!changed.Succeeded)
        {
            var wrong = changed.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.PasswordMismatch));
            throw new RuleViolation(string.Join(" ", changed.Errors.Select(error => error.Description)), wrong ? nameof(OldPassword) : nameof(NewPassword));
        }
        await Desk.SaveAsync(StatusPage.Id, new(Actor, "account.password-changed", account.Email ?? ""), Cancel);
        await signIn.RefreshSignInAsync(account);
        Done = "Your password is changed. Other sessions are signed out.";
        return "/admin";
    }, () => Task.CompletedTask);
}
