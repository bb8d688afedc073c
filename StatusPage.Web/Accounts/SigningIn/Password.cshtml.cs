using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>Where the password was changed before there was more to an account.</summary>
public sealed class PasswordPage : PageModel
{
    public IActionResult OnGet() => LocalRedirect("~/admin/account");
}
