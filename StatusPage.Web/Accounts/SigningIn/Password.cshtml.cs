using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>The former page for changing the password.</summary>
public sealed class PasswordPage : PageModel
{
    public IActionResult OnGet() => LocalRedirect("~/admin/account");
}
