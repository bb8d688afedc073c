using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;
using StatusPage.Web.Languages;
using StatusPage.Web.Notices;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>Lets somebody who can read an account's mail choose a new password. The second factor stays.</summary>
public sealed class Resets(ChangeWriter writer, NoticeBox box, UserManager<Account> accounts, Passwords passwords, Sessions sessions, AccountDesk changes)
{
    /// <summary>Mails to one account in an hour, whoever asks for them.</summary>
    private const int MostPerHour = 3;

    /// <summary>Does and says nothing when the address has no account, or one without a password: such people sign in by the provider alone.</summary>
    public async Task AskAsync(string email, CancellationToken cancel)
    {
        if (await accounts.FindByEmailAsync(email) is not { Email: { } to, PasswordHash: not null } account)
            return;
        var page = await writer.PageAsync(cancel);
        var recent = writer.Now - OneTimeLink.ResetLasts;
        await writer.Db.OneTimeLinks.Where(row => row.AccountId == account.Id && row.CreatedAt <= recent).ExecuteDeleteAsync(cancel);
        if (await writer.Db.OneTimeLinks.CountAsync(row => row.AccountId == account.Id, cancel) >= MostPerHour)
            return;
        var (link, token) = OneTimeLink.Reset(page.Id, to, account.Id, writer.Now);
        writer.Db.OneTimeLinks.Add(link);
        var say = Words.Of(account.Language);
        box.Mail(
            page.Id,
            $"reset:{link.Hash[..24]}",
            to,
            new(
                say["A new password for the comms desk of {0}", page.Name],
                say["Somebody asked for a new password for {0} at the comms desk of {1}.", to, page.Name]
                    + "\n\n"
                    + say["The link works once, for an hour. If it was not you, leave it alone: your password stays as it is."],
                say["Choose a new password"],
                PathOf(token)
            )
        );
        await writer.SaveAsync(page.Id, new(to, "account.reset-asked", to), cancel);
    }

    /// <summary>A link for somebody at the machine itself.</summary>
    public async Task<string> GrantAsync(Account account, string actor, CancellationToken cancel)
    {
        var page = await writer.PageAsync(cancel);
        var (link, token) = OneTimeLink.Reset(page.Id, account.Email ?? "", account.Id, writer.Now);
        writer.Db.OneTimeLinks.Add(link);
        await writer.SaveAsync(page.Id, new(actor, "account.reset-asked", account.Email ?? ""), cancel);
        return PathOf(token);
    }

    public async Task<OneTimeLink?> OpenAsync(string? token, CancellationToken cancel)
    {
        var hash = ApiKey.HashOf(token ?? "");
        var link = await writer
            .Db.OneTimeLinks.AsNoTracking()
            .FirstOrDefaultAsync(row => row.Hash == hash && row.Purpose == OneTimeLinkPurpose.Reset, cancel);
        return link?.IsGood(writer.Now) == true ? link : null;
    }

    /// <returns>The account whose password was changed; null when the link was used in the meantime.</returns>
    public async Task<Account?> FinishAsync(OneTimeLink link, string? password, CancellationToken cancel)
    {
        if (await accounts.FindByIdAsync(link.AccountId ?? "") is not { } account)
            return null;
        await passwords.CheckAsync(password, account.Email, cancel);
        await using var transaction = await writer.Db.Database.BeginTransactionAsync(cancel);
        if (await writer.Db.OneTimeLinks.Where(row => row.Id == link.Id).ExecuteDeleteAsync(cancel) == 0)
            return null;
        await writer.Db.OneTimeLinks.Where(row => row.AccountId == account.Id).ExecuteDeleteAsync(cancel);
        account.PasswordHash = accounts.PasswordHasher.HashPassword(account, password!);
        // A new stamp ends every session.
        var changed = await accounts.UpdateSecurityStampAsync(account);
        if (!changed.Succeeded)
            throw new RuleViolation(changed.InWords());
        await sessions.EndAllAsync(account.Id, except: null, cancel);
        await changes.SaidAsync(link.PageId, account, account.Email ?? "", "account.reset", "A new password was chosen by a link", cancel);
        await transaction.CommitAsync(CancellationToken.None);
        return account;
    }

    private static string PathOf(string token) => $"/admin/reset/{token}";
}
