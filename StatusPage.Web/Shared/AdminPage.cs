using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;

namespace StatusPage.Web.Shared;

/// <summary>The base of every page of the admin area: who is signed in, which page is written to, and how a change is tried.</summary>
[Authorize(Policy = Permissions.Read)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public abstract class AdminPage(ChangeWriter writer) : PageModel
{
    private Domain.Pages.Page? _page;
    private ZoneClock? _clock;
    private Words? _say;

    /// <summary>Names one filled-in form; a form that is sent twice counts once.</summary>
    [BindProperty]
    public string? Token { get; set; }

    public ChangeWriter Writer => writer;
    public StatusDb Db => writer.Db;
    public DateTimeOffset Now => writer.Now;
    public string Actor => User.FindFirstValue(ClaimTypes.Name) ?? "unknown";
    public bool MayDraft => User.RoleOf()?.MayDraft() == true;
    public bool MayPublish => User.MayPublish();
    public bool MayManage => User.MayManage();
    public Domain.Pages.Page StatusPage => _page!;
    public Words Say => _say ??= HttpContext.Words();
    public ZoneClock Clock => _clock ??= ZoneClock.For(StatusPage.TimeZone, Now, Say);
    protected CancellationToken Cancel => HttpContext.RequestAborted;

    /// <summary>Shown once on the next page.</summary>
    [TempData]
    public string? Done { get; set; }

    /// <summary>The field that gets the cursor on the next page, so that whoever added one thing can go on with another.</summary>
    [TempData]
    public string? Focus { get; set; }

    // The framework would take it for a handler of the method PAGE.
    [NonHandler]
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        _page = await writer.PageAsync(Cancel);
        await next();
    }

    public static string NewToken() => PublicId.NewValue() + PublicId.NewValue();

    /// <summary>
    /// Tries a change and redirects to where it leads. Broken rules and conflicts become errors on the form, which keeps what was typed; a form that was
    /// sent before redirects to where it led then.
    /// </summary>
    /// <param name="act">Makes the change, and says where to go.</param>
    /// <param name="again">Reads what the form needs to be shown again.</param>
    protected async Task<IActionResult> AttemptAsync(bool allowed, Func<Task<string>> act, Func<Task> again)
    {
        if (!allowed)
            return Forbid();
        if (await writer.EarlierLocationAsync(Token, Cancel) is { } before)
            return LocalRedirect("~" + before);
        var status = StatusCodes.Status422UnprocessableEntity;
        try
        {
            if (ModelState.IsValid)
                return LocalRedirect("~" + await act());
        }
        catch (RuleViolation violation)
        {
            this.Refuse(violation);
        }
        catch (Exception exception) when (StoreSetup.IsConflict(exception) || exception is DbUpdateException && !StoreSetup.IsOutage(exception))
        {
            Db.ChangeTracker.Clear();
            if (await writer.EarlierLocationAsync(Token, Cancel) is { } meanwhile)
                return LocalRedirect("~" + meanwhile);
            if (StoreSetup.IsConflict(exception))
                ModelState.AddModelError(
                    "",
                    Say[
                        "Somebody else changed this at the same moment, so yours was not saved. Read what is new below, then send it again: everything you typed is still here."
                    ]
                );
            else
            {
                status = StatusCodes.Status500InternalServerError;
                Failures.Report(HttpContext, exception);
                ModelState.AddModelError(
                    "",
                    Say["The database refused this, so it was not saved. Why stands in the program's log. Everything you typed is still here."]
                );
            }
        }
        catch (MissingException)
        {
            return NotFound();
        }
        Db.ChangeTracker.Clear();
        await again();
        Response.StatusCode = status;
        return Page();
    }
}
