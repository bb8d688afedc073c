using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using StatusPage.Web.Data;

namespace StatusPage.Web.Accounts;

[Authorize(Policy = Doors.Own)]
public sealed class SignOutPage(SignInManager<Account> signIn, Sessions sessions, Desk desk) : PageModel
{
    public IActionResult OnGet() => LocalRedirect("~/admin");

    public async Task<IActionResult> OnPostAsync()
    {
        var cancel = HttpContext.RequestAborted;
        if (
            User.FindFirstValue(ClaimTypes.NameIdentifier) is { } account
            && await sessions.EndAsync(account, User.FindFirstValue(DeskSignIn.SessionClaim), cancel)
        )
            await desk.SaveAsync((await desk.PageAsync(cancel)).Id, new(User.Identity!.Name!, "session.ended", User.Identity.Name!), cancel);
        await signIn.SignOutAsync();
        return LocalRedirect("~/admin/sign-in");
    }
}
