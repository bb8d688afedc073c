using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using StatusPage.Web.Accounts;

namespace StatusPage.Web.Shared;

/// <summary>
/// The desk's page for an address that does not exist, or for something that may not be done in that way. It stands for any answer of the desk that has no
/// words of its own.
/// </summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class MissingPage : PageModel
{
    private static readonly PathString Desk = "/admin";

    public string Title =>
        Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => "There is nothing here",
            StatusCodes.Status405MethodNotAllowed => "That cannot be done here",
            _ => "That did not work",
        };

    public string Message =>
        Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => "The address is wrong, or what was there has been removed.",
            StatusCodes.Status405MethodNotAllowed => "No form of the desk is sent to this address. Nothing was changed.",
            _ => "The request could not be carried out. Nothing was changed.",
        };

    public void OnGet() =>
        Response.StatusCode = HttpContext.Features.Get<IStatusCodeReExecuteFeature>()?.OriginalStatusCode ?? StatusCodes.Status404NotFound;

    public void OnPost() => OnGet();

    internal static bool IsDesk(HttpContext context) => context.Request.Path.StartsWithSegments(Desk);
}

public static class MissingPages
{
    /// <summary>Gives a page to the answers of the desk that are a status alone. It comes before routing, which finds that page.</summary>
    public static void UseMissingPages(this WebApplication app) =>
        app.UseWhen(MissingPage.IsDesk, desk => desk.UseStatusCodePagesWithReExecute("/admin/missing"));

    /// <summary>
    /// Answers addresses of the desk that do not exist. Strangers are sent to sign in, as from any other address, so that they do not learn which ones
    /// exist.
    /// </summary>
    public static void MapMissingPages(this WebApplication app) =>
        app.Map("/admin/{**path}", () => Results.NotFound()).RequireAuthorization(Permissions.Read).WithOrder(int.MaxValue - 1);
}
