using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>
/// Finds, links or makes the account of somebody for whom the provider has vouched. At each sign-in, its memberships follow the provider at every page,
/// not only at the page of the sign-in. A membership that the provider no longer confirms ends, with the sessions. A membership that an owner granted
/// stays.
/// </summary>
public sealed class ProviderAccounts(ChangeWriter writer, Settings settings, UserManager<Account> accounts, Sessions sessions)
{
    public async Task<Account> AccountOfAsync(ClaimsPrincipal person, CancellationToken cancel)
    {
        var oidc = settings.Oidc ?? throw new RuleViolation("Nobody signs in this way here.");
        var subject = person.FindFirstValue("sub") ?? throw new RuleViolation($"{oidc.Name} did not say who you are. Tell whoever runs it.");
        var page = await writer.PageAsync(cancel);
        string[] values = [.. person.FindAll(oidc.RoleClaim).Select(claim => claim.Value)];
        var account = await accounts.FindByLoginAsync(oidc.Key, subject);
        if (account is null)
        {
            if (oidc.RoleFor(values, page.Location) is null)
                throw NoRole(oidc);
            account = await LinkAsync(person, oidc, new(oidc.Key, subject, oidc.Name), page.Id, cancel);
        }
        await FollowAsync(account, oidc, values, cancel);
        // Where the provider grants nothing, an owner of the page may have.
        return await writer.Db.MembershipAsync(account.Id, page.Id, cancel) is null ? throw NoRole(oidc) : account;
    }

    private async Task<Account> LinkAsync(ClaimsPrincipal person, OidcSettings oidc, UserLoginInfo login, PageId page, CancellationToken cancel)
    {
        // An address that the provider has not verified opens no account here.
        if (!string.Equals(person.FindFirstValue("email_verified"), "true", StringComparison.OrdinalIgnoreCase))
            throw new RuleViolation(
                $"{oidc.Name} has not verified your email address, so it cannot be matched to an account. Verify it there, then sign in again."
            );
        var email = EmailAddress.Checked(person.FindFirstValue("email"));
        await using var transaction = await writer.Db.Database.BeginTransactionAsync(cancel);
        var account = await accounts.FindByEmailAsync(email);
        if (account is null)
        {
            account = Account.New(email, writer.Now);
            Check(await accounts.CreateAsync(account));
        }
        Check(await accounts.AddLoginAsync(account, login));
        // An invited person may have come by the provider instead of the invitation.
        await writer
            .Db.OneTimeLinks.Where(row => row.PageId == page && row.Purpose == OneTimeLinkPurpose.Invite && row.Email == email)
            .ExecuteDeleteAsync(cancel);
        await writer.SaveAsync(page, new(email, "account.linked", $"{email} by {oidc.Name}"), cancel);
        await transaction.CommitAsync(CancellationToken.None);
        return account;
    }

    private async Task FollowAsync(Account account, OidcSettings oidc, string[] values, CancellationToken cancel)
    {
        await using var transaction = await writer.Db.Database.BeginTransactionAsync(cancel);
        var ended = false;
        foreach (var page in await writer.Db.Pages.AsNoTracking().ToListAsync(cancel))
        {
            var membership = await writer.Db.MembershipAsync(account.Id, page.Id, cancel);
            var role = oidc.RoleFor(values, page.Location);
            if (membership is null && role is { } granted)
            {
                writer.Db.Memberships.Add(Membership.OfProvider(account.Id, page.Id, granted, oidc.Key, writer.Now));
                await SayAsync(page.Id, "account.role-changed", $"{account.Email} ({granted.Code()}) by {oidc.Name}");
            }
            else if (membership is { GrantedBy: not null } && role is { } said)
            {
                var isNew = membership.Role != said;
                membership.Confirm(said, writer.Now);
                if (isNew)
                    await SayAsync(page.Id, "account.role-changed", $"{account.Email} ({said.Code()}) by {oidc.Name}");
                else
                    await writer.Db.SaveChangesAsync(cancel);
            }
            else if (membership is { GrantedBy: not null })
            {
                writer.Db.Memberships.Remove(membership);
                await SayAsync(page.Id, "account.removed", $"{account.Email} by {oidc.Name}, which gives no role any more");
                ended = true;
            }
        }
        if (ended)
            await sessions.EndAllAsync(account.Id, except: null, cancel);
        await transaction.CommitAsync(CancellationToken.None);

        Task SayAsync(PageId page, string action, string subject) => writer.SaveAsync(page, new(account.Email ?? "", action, subject), cancel);
    }

    private static RuleViolation NoRole(OidcSettings oidc) =>
        new($"{oidc.Name} knows you, but gives you no role at this desk. Ask an owner, or whoever runs {oidc.Name}, for one.");

    private static void Check(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new RuleViolation(result.InWords());
    }
}
