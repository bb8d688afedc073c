using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Accounts.SigningIn;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Notices;

namespace StatusPage.Web.Accounts.People;

/// <summary>How a new person gets an account: by a link that an owner sends.</summary>
public sealed class Invitations(ChangeWriter writer, NoticeBox box, UserManager<Account> accounts, Passwords passwords, PublicAddress address)
{
    public Task<List<OneTimeLink>> OfAsync(PageId page, CancellationToken cancel) =>
        writer
            .Db.OneTimeLinks.AsNoTracking()
            .Where(row => row.PageId == page && row.Purpose == OneTimeLinkPurpose.Invite)
            .OrderBy(row => row.Email)
            .ToListAsync(cancel);

    /// <returns>The link, which cannot be read again; null for somebody who already has an account here and needs none.</returns>
    public async Task<string?> InviteAsync(Page page, string? email, Role role, string actor, CancellationToken cancel)
    {
        var to = EmailAddress.Checked(email);
        if (await accounts.FindByEmailAsync(to) is { } known)
        {
            await AdmitAsync(page, known, role, actor, cancel);
            return null;
        }
        if (await writer.Db.OneTimeLinks.AnyAsync(row => row.PageId == page.Id && row.Purpose == OneTimeLinkPurpose.Invite && row.Email == to, cancel))
            throw new RuleViolation($"{to} is invited already. Send the invitation again, or withdraw it first.", "Email");
        var (link, token) = OneTimeLink.Invite(page.Id, to, role, writer.Now);
        writer.Db.OneTimeLinks.Add(link);
        return await SendAsync(page, link, token, actor, "account.invited", cancel);
    }

    public async Task<(string Email, string Link)> SendAgainAsync(Page page, long id, string actor, CancellationToken cancel)
    {
        var link = await FindAsync(page, id, cancel);
        return (link.Email, await SendAsync(page, link, link.Renew(writer.Now), actor, "account.invited-again", cancel));
    }

    public async Task<string> WithdrawAsync(Page page, long id, string actor, CancellationToken cancel)
    {
        var link = await FindAsync(page, id, cancel);
        writer.Db.OneTimeLinks.Remove(link);
        await writer.SaveAsync(page.Id, new(actor, "account.invitation-withdrawn", link.Email), cancel);
        return link.Email;
    }

    /// <summary>The invitation of a link, as long as it is valid.</summary>
    public async Task<OneTimeLink?> OpenAsync(string? token, CancellationToken cancel)
    {
        var hash = ApiKey.HashOf(token ?? "");
        var link = await writer
            .Db.OneTimeLinks.AsNoTracking()
            .FirstOrDefaultAsync(row => row.Hash == hash && row.Purpose == OneTimeLinkPurpose.Invite, cancel);
        return link?.IsGood(writer.Now) == true ? link : null;
    }

    /// <summary>Makes the account; null when the link was used in the meantime.</summary>
    public async Task<Account?> AcceptAsync(OneTimeLink link, string? password, CancellationToken cancel)
    {
        var account = Account.New(link.Email, writer.Now);
        await passwords.CheckAsync(password, link.Email, cancel);
        await using var transaction = await writer.Db.Database.BeginTransactionAsync(cancel);
        // The request that deletes the row is the one that uses the link.
        if (await writer.Db.OneTimeLinks.Where(row => row.Id == link.Id && row.Hash == link.Hash).ExecuteDeleteAsync(cancel) == 0)
            return null;
        var made = await accounts.CreateAsync(account, password!);
        if (!made.Succeeded)
            throw new RuleViolation(made.InWords());
        writer.Db.Memberships.Add(Membership.Of(account.Id, link.PageId, link.Role!.Value, writer.Now));
        await writer.SaveAsync(link.PageId, new(link.Email, "account.accepted", $"{link.Email} ({link.Role!.Value.Code()})"), cancel);
        await transaction.CommitAsync(CancellationToken.None);
        return account;
    }

    /// <summary>Admits somebody who works at another page of this installation.</summary>
    private async Task AdmitAsync(Page page, Account account, Role role, string actor, CancellationToken cancel)
    {
        if (await writer.Db.MembershipAsync(account.Id, page.Id, cancel) is not null)
            throw new RuleViolation($"{account.Email} has an account already.", "Email");
        writer.Db.Memberships.Add(Membership.Of(account.Id, page.Id, role, writer.Now));
        var say = Words.Of(account.Language);
        box.Mail(
            page.Id,
            $"admit:{account.Id}:{page.Id}:{writer.Now.ToUnixTimeMilliseconds()}",
            account.Email!,
            new(
                say["You work at the comms desk of {0} now", page.Name],
                say["{0} has made you {1} of {2}'s status page. You sign in as you do elsewhere here.", actor, say.Within(role.Label()), page.Name],
                say["Open the desk"],
                "/admin"
            )
        );
        await writer.SaveAsync(page.Id, new(actor, "account.admitted", $"{account.Email} ({role.Code()})"), cancel);
    }

    private async Task<string> SendAsync(Page page, OneTimeLink link, string token, string actor, string action, CancellationToken cancel)
    {
        var path = $"/admin/join/{token}";
        // Who is invited has not chosen a language yet.
        var say = Words.Of(page.Language);
        box.Mail(
            page.Id,
            $"invite:{link.Hash[..24]}",
            link.Email,
            new(
                say["You are invited to the comms desk of {0}", page.Name],
                say["{0} invites you to help keep {1}'s status page, with the role {2}.", actor, page.Name, say.Within(link.Role!.Value.Label())]
                    + "\n\n"
                    + say["Choose a password to join. The link works once, for seven days. If you expected nothing like this, leave it alone."],
                say["Join"],
                path
            )
        );
        await writer.SaveAsync(page.Id, new(actor, action, $"{link.Email} ({link.Role!.Value.Code()})"), cancel);
        return address.Of(path);
    }

    private async Task<OneTimeLink> FindAsync(Page page, long id, CancellationToken cancel) =>
        await writer.Db.OneTimeLinks.FirstOrDefaultAsync(row => row.Id == id && row.PageId == page.Id && row.Purpose == OneTimeLinkPurpose.Invite, cancel)
        ?? throw new RuleViolation("This invitation was accepted or withdrawn in the meantime.");
}
