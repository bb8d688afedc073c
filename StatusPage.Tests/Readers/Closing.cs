using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain;
using StatusPage.Domain.Readers;
using StatusPage.Tests.Host;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;
using StatusPage.Web.Public;
using StatusPage.Web.Snapshot;

namespace StatusPage.Tests.Readers;

internal static class Closing
{
    public const string Password = "four calm giraffes reading";

    /// <summary>Makes a page private, or changes who may read it, and returns when the page follows.</summary>
    /// <param name="page">Null: the first page.</param>
    public static async Task<PageAccess> CloseAsync(this AppHost app, AccessChoice? choice = null, string? password = Password, PageId? page = null)
    {
        var id = page ?? (await app.PageAsync()).Id;
        return await app.ChangeAccessAsync(
            id,
            services =>
            {
                var hasher = services.GetRequiredService<IPasswordHasher<Account>>();
                return access => access.Close(choice ?? new() { TeamOnly = password is null }, HashOf(access), DateTimeOffset.UtcNow);

                // As at the desk, the same password stays the same.
                string? HashOf(PageAccess access) =>
                    password is null ? null
                    : access.PasswordHash is { } before && hasher.VerifyHashedPassword(new(), before, password) == PasswordVerificationResult.Success
                        ? before
                    : hasher.HashPassword(new(), password);
            }
        );
    }

    public static Task<PageAccess> ChangeAccessAsync(this AppHost app, PageId page, Func<IServiceProvider, Action<PageAccess>> change) =>
        app.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<StatusDb>();
            var access = await db.PageAccess.FirstOrDefaultAsync(row => row.PageId == page);
            if (access is null)
                db.PageAccess.Add(access = PageAccess.Of(page, DateTimeOffset.UtcNow));
            change(services)(access);
            await FollowAsync(services, page);
            return access;
        });

    public static Task<string> ReadTokenAsync(this AppHost app, PageId page) =>
        app.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<StatusDb>();
            var (row, token) = ReadToken.Create(page, "test", DateTimeOffset.UtcNow);
            db.ReadTokens.Add(row);
            (await db.PageAccess.FirstOrDefaultAsync(access => access.PageId == page))?.Touch(DateTimeOffset.UtcNow);
            await FollowAsync(services, page);
            return token;
        });

    private static async Task FollowAsync(IServiceProvider services, PageId page)
    {
        var version = await services.GetRequiredService<StatusDb>().PublishAsync(page, DateTimeOffset.UtcNow, default);
        services.GetRequiredService<PublishBell>().Ring();
        Assert.True(await services.GetRequiredService<PublicSites>().Of(page)!.ShowsAsync(version, Eventually.Deadline, default));
    }

    /// <summary>Comes in by the password.</summary>
    public static async Task<BrowserSession> ReadAsync(this AppHost app, string path = "/", string password = Password)
    {
        var browser = app.NewBrowser();
        await browser.FillInAsync(path, new { Password = password });
        return browser;
    }
}
