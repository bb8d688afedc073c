using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Audit;
using StatusPage.Domain.Pages;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Audit;
using StatusPage.Web.Data;
using StatusPage.Web.Data.Demo;
using StatusPage.Web.Hosting;
using StatusPage.Web.Pages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>What the first start does once: it makes the page, and the first owner or the link for making one.</summary>
public sealed class FirstRun(StatusDb db, UserManager<Account> accounts, Settings settings, SetUpLink link, DemoData demo, TimeProvider time)
{
    public async Task PrepareAsync(CancellationToken cancel)
    {
        // If two nodes start at once, the second waits here for the first, and then finds everything done.
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (db is PostgresStatusDb)
            await db.Database.ExecuteSqlAsync($"LOCK TABLE \"Pages\" IN EXCLUSIVE MODE", cancel);
        await db.BeginAuditAsync(time.GetUtcNow(), cancel);
        if (!await db.Pages.AnyAsync(cancel))
        {
            var first = Page.Create(settings.PageName, Zones.Checked(settings.PageTimeZone), time.GetUtcNow());
            first.LetTakeBack(settings.PageTakeBack, time.GetUtcNow());
            db.Pages.Add(first);
            await db.SaveChangesAsync(cancel);
            await NoteAsync("page.created", settings.PageName, cancel);
        }
        foreach (var page in await db.Pages.Where(page => page.TemplatesGivenAt == null).ToListAsync(cancel))
            db.AddRange(page.GiveTemplates(time.GetUtcNow()));
        await db.SaveChangesAsync(cancel);
        await demo.FillAsync(settings.Demo, cancel);
        if (!await db.Users.AnyAsync(cancel))
            await PrepareOwnerAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private async Task PrepareOwnerAsync(CancellationToken cancel)
    {
        if (settings is { AdminEmail: { } email, AdminPassword: { } password })
        {
            var owner = Account.New(email, time.GetUtcNow());
            var made = await accounts.CreateAsync(owner, password);
            if (!made.Succeeded)
                throw new SettingException("Admin:Email / Admin:Password", "(hidden)", string.Join(" ", made.Errors.Select(error => error.Description)));
            await OwnAsync(owner, cancel);
            await NoteAsync("account.created", $"{owner.Email} (owner)", cancel);
            return;
        }
        var token = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 32);
        db.SetUpTokens.Add(new SetUpToken { Hash = ApiKey.HashOf(token), CreatedAt = time.GetUtcNow() });
        await db.SaveChangesAsync(cancel);
        link.Token = token;
    }

    /// <summary>Notes in the audit what the first start does by itself.</summary>
    private async Task NoteAsync(string action, string subject, CancellationToken cancel)
    {
        var first = await db.Pages.AtRoot().Select(page => page.Id).SingleAsync(cancel);
        db.Audit.Add(new AuditEntry(first, "first start", action, subject, time.GetUtcNow()));
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Makes an account the owner of the first page.</summary>
    public async Task OwnAsync(Account account, CancellationToken cancel)
    {
        var first = await db.Pages.AtRoot().Select(page => page.Id).SingleAsync(cancel);
        db.Memberships.Add(Membership.Of(account.Id, first, Role.Owner, time.GetUtcNow()));
        await db.SaveChangesAsync(cancel);
    }
}

/// <summary>The token of the set-up link, until it is printed.</summary>
public sealed class SetUpLink
{
    public string? Token { get; set; }
}
