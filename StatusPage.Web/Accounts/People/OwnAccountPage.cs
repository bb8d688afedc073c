using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using StatusPage.Domain;
using StatusPage.Web.Accounts.SigningIn;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Accounts.People;

/// <summary>Base of the pages on which people change how they themselves sign in.</summary>
public abstract class OwnAccountPage(ChangeWriter writer, UserManager<Account> accounts) : AdminPage(writer)
{
    protected const string Address = "/admin/account";

    /// <summary>The session of this browser.</summary>
    public string? Session => User.FindFirstValue(DeskSignIn.SessionClaim);

    /// <summary>Whether its holder recently proved who they are; see <see cref="ProvePage"/>.</summary>
    public bool IsProven => User.IsProven();

    protected async Task<Account> MeAsync() => await accounts.GetUserAsync(User) ?? throw new RuleViolation("Your account is gone. Ask an owner.");

    /// <summary>Leads to the proof, and back here.</summary>
    protected IActionResult Prove(string then = Address) => LocalRedirect(ProvePage.PathFor(Url.Content("~" + then)));
}
