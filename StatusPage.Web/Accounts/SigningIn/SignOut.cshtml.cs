using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;

namespace StatusPage.Web.Accounts.SigningIn;

[Authorize(Policy = Permissions.Own)]
public sealed class SignOutPage(SignInManager<Account> signIn, Sessions sessions, ChangeWriter writer) : PageModel
{
    public IActionResult OnGet() => LocalRedirect("~/admin");

    public async Task<IActionResult> OnPostAsync()
    {
        var cancel = HttpContext.RequestAborted;
        if (
            User.FindFirstValue(ClaimTypes.NameIdentifier) is { } account
            && await sessions.EndAsync(account, User.FindFirstValue(DeskSignIn.SessionClaim), cancel)
        )
            await writer.SaveAsync((await writer.PageAsync(cancel)).Id, new(User.Identity!.Name!, "session.ended", User.Identity.Name!), cancel);
        await signIn.SignOutAsync();
        return LocalRedirect("~/admin/sign-in");
    }
}
