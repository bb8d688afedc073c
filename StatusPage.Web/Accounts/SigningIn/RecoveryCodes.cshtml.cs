using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;

namespace StatusPage.Web.Accounts.SigningIn;

public sealed class RecoveryCodesPage(ChangeWriter writer, UserManager<Account> accounts, Factors factors, AccountDesk changes)
    : OwnAccountPage(writer, accounts)
{
    public IReadOnlyList<string> Codes { get; private set; } = [];

    public IActionResult OnGet() => IsProven ? Page() : Prove("/admin/account/codes");

    /// <summary>Answers with the page itself, since the codes are in this answer and nowhere else.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        var account = await MeAsync();
        if (!await factors.AnyAsync(account))
            return LocalRedirect("~" + Address);
        if (!IsProven)
            return Prove("/admin/account/codes");
        await changes.ChangeAsync(
            StatusPage.Id,
            account,
            Actor,
            "account.codes-renewed",
            "New recovery codes were made",
            async () => Codes = await factors.NewCodesAsync(account),
            Cancel
        );
        return Page();
    }
}
