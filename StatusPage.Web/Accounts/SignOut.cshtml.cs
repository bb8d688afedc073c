using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace StatusPage.Web.Accounts;

[Authorize(Policy = Doors.Own)]
public sealed class SignOutPage(SignInManager<Account> signIn, Sessions sessions) : PageModel
{
    public IActionResult OnGet() => LocalRedirect("~/admin");

    public async Task<IActionResult> OnPostAsync()
    {
        if (User.FindFirstValue(ClaimTypes.NameIdentifier) is { } account) await sessions.EndAsync(account, User.FindFirstValue(DeskSignIn.SessionClaim), HttpContext.RequestAborted);
        await signIn.SignOutAsync();
        return LocalRedirect("~/admin/sign-in");
    }
}
