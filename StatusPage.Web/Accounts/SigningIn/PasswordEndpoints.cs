using StatusPage.Domain.Accounts;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>Rates a password while it is typed, by the same rule that decides when it is sent. Nothing of it is kept or logged.</summary>
public static class PasswordEndpoints
{
    public const string Path = "/admin/password/strength";

    public static void MapPasswords(this WebApplication app) =>
        app.MapPost(
                Path,
                async (HttpContext context, Passwords passwords) =>
                {
                    context.Response.Headers.CacheControl = "no-store";
                    if (!Origins.AreOwn(context) || !context.Request.HasFormContentType)
                        return Results.StatusCode(StatusCodes.Status403Forbidden);
                    var form = await context.Request.ReadFormAsync(context.RequestAborted);
                    var (password, email) = (form["password"].ToString(), form["email"].ToString());
                    var strength = await passwords.StrengthAsync(
                        password.Length > PasswordRule.MaxLength + 1 ? password[..(PasswordRule.MaxLength + 1)] : password,
                        email.Length > EmailAddress.MaxLength ? null : email,
                        context.RequestAborted
                    );
                    return Results.Json(
                        new { score = strength.Score, objection = strength.Objection is { } objection ? context.Words()[objection] : null }
                    );
                }
            )
            .AllowAnonymous()
            .DisableAntiforgery()
            .RequireRateLimiting(Limits.Typing);
}
