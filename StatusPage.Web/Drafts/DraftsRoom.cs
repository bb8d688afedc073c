using System.Security.Claims;
using StatusPage.Domain;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;

namespace StatusPage.Web.Drafts;

/// <summary>The documents in the composer's frames: a draft as the page and as a mail.</summary>
public static class DraftsRoom
{
    /// <summary>No scripts, no forms, and only the desk may frame it. A mail has its styles inline.</summary>
    private const string Policy =
        "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    public static void AddDrafts(this IServiceCollection services)
    {
        services.AddScoped<Composer>();
        services.AddScoped<Previews>();
        services.AddScoped<Countdowns>();
        services.AddSingleton<CountdownBell>();
        services.AddScoped<ApprovalWatch>();
        services.AddHostedService<DraftWorker>();
    }

    public static void MapDrafts(this WebApplication app)
    {
        var drafts = app.MapGroup("/admin/drafts/{id}").RequireAuthorization(Permissions.Read);
        drafts.MapGet(
            "/page",
            (string id, string? audience, HttpContext context, ChangeWriter writer, Composer composer, Previews previews) =>
                ShowAsync(
                    id,
                    context,
                    writer,
                    composer,
                    async (page, about, input, actor) =>
                        await previews.PageAsync(page, about, input, Audience(audience), actor, context.RequestAborted) is { } html
                            ? Results.Bytes(html, "text/html; charset=utf-8")
                            : Results.NotFound()
                )
        );
        drafts.MapGet(
            "/mail",
            (string id, string? audience, HttpContext context, ChangeWriter writer, Composer composer, Previews previews) =>
                ShowAsync(
                    id,
                    context,
                    writer,
                    composer,
                    async (page, about, input, actor) =>
                        Results.Content(
                            await previews.MailAsync(page, about, input, Audience(audience), actor, context.RequestAborted),
                            "text/html; charset=utf-8"
                        )
                )
        );
    }

    private static AudienceId? Audience(string? id) => PublicId.LooksLikeOne(id) ? AudienceId.Of(id!) : null;

    private static async Task<IResult> ShowAsync(
        string id,
        HttpContext context,
        ChangeWriter writer,
        Composer composer,
        Func<Domain.Pages.Page, IncidentId?, ComposerInput, string, Task<IResult>> show
    )
    {
        var cancel = context.RequestAborted;
        var page = await writer.PageAsync(cancel);
        if (await composer.FindAsync(page.Id, id, cancel) is not { IsOver: false, Corrects: null } draft)
            return Results.NotFound();
        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers.CacheControl = "no-store";
        return await show(page, draft.IncidentId, ComposerInput.Read(draft.Content), context.User.FindFirstValue(ClaimTypes.Name) ?? "");
    }
}
