using System.Security.Claims;
using StatusPage.Domain;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;

namespace StatusPage.Web.Drafts;

/// <summary>The documents that the composer shows in its frames: a draft as the page and as a mail.</summary>
public static class DraftEndpoints
{
    /// <summary>No script, no form, and nobody but the desk may frame it. A mail carries its styles within.</summary>
    private const string Policy =
        "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    public static void MapDrafts(this WebApplication app)
    {
        var drafts = app.MapGroup("/admin/drafts/{id}").RequireAuthorization(Doors.Read);
        drafts.MapGet(
            "/page",
            (string id, string? audience, HttpContext context, Desk desk, Composer composer, Previews previews) =>
                ShowAsync(
                    id,
                    context,
                    desk,
                    composer,
                    async (page, about, typed, actor) =>
                        await previews.PageAsync(page, about, typed, Audience(audience), actor, context.RequestAborted) is { } html
                            ? Results.Bytes(html, "text/html; charset=utf-8")
                            : Results.NotFound()
                )
        );
        drafts.MapGet(
            "/mail",
            (string id, string? audience, HttpContext context, Desk desk, Composer composer, Previews previews) =>
                ShowAsync(
                    id,
                    context,
                    desk,
                    composer,
                    async (page, about, typed, actor) =>
                        Results.Content(
                            await previews.MailAsync(page, about, typed, Audience(audience), actor, context.RequestAborted),
                            "text/html; charset=utf-8"
                        )
                )
        );
    }

    private static AudienceId? Audience(string? id) => PublicId.LooksLikeOne(id) ? AudienceId.Of(id!) : null;

    private static async Task<IResult> ShowAsync(
        string id,
        HttpContext context,
        Desk desk,
        Composer composer,
        Func<Domain.Pages.Page, IncidentId?, Typed, string, Task<IResult>> show
    )
    {
        var cancel = context.RequestAborted;
        var page = await desk.PageAsync(cancel);
        if (await composer.FindAsync(page.Id, id, cancel) is not { IsOver: false, Corrects: null } draft)
            return Results.NotFound();
        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers.CacheControl = "no-store";
        return await show(page, draft.IncidentId, Typed.Read(draft.Content), context.User.FindFirstValue(ClaimTypes.Name) ?? "");
    }
}
