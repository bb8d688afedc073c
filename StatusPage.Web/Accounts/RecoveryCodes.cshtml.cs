using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Accounts;

public sealed class RecoveryCodesPage(Desk desk, UserManager<Account> accounts) : AdminPage(desk)
{
    public IReadOnlyList<string> Codes { get; private set; } = [];

    public void OnGet() { }

    /// <summary>Answers with the page itself: the codes are in this answer and nowhere else.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        if (await accounts.GetUserAsync(User) is not { TwoFactorEnabled: true } account) return LocalRedirect("~/admin/account");
        Codes = [.. await accounts.GenerateNewTwoFactorRecoveryCodesAsync(account, AppPage.CodesAtOnce) ?? []];
        await Desk.SaveAsync(StatusPage.Id, new(Actor, "account.codes-renewed", account.Email ?? ""), Cancel);
        return Page();
    }
}
