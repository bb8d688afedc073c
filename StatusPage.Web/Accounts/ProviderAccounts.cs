using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Accounts;

/// <summary>The account of somebody whom the provider has vouched for: found, linked or made; its role follows the provider.</summary>
public sealed class ProviderAccounts(Desk desk, Settings settings, UserManager<Account> accounts)
{
    private const int DigestBytes = 8;

    public async Task<Account> AccountOfAsync(ClaimsPrincipal person, CancellationToken cancel)
    {
        var oidc = settings.Oidc ?? throw new RuleViolation("Nobody signs in this way here.");
        var subject = person.FindFirstValue("sub") ?? throw new RuleViolation($"{oidc.Name} did not say who you are. Tell whoever runs it.");
        var page = await desk.PageAsync(cancel);
        var role = oidc.RoleFor([.. person.FindAll(oidc.RoleClaim).Select(claim => claim.Value)], page.Location);
        var provider = $"oidc:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(oidc.Authority.ToString())).AsSpan(0, DigestBytes))}";
        var account = await accounts.FindByLoginAsync(provider, subject);
        // Where the provider has no say, an owner of the page may have invited them.
        if (role is null && (page.IsFirst || account is null || await desk.Db.MembershipAsync(account.Id, page.Id, cancel) is null))
            throw new RuleViolation($"{oidc.Name} knows you, but gives you no role at this desk. Ask an owner, or whoever runs {oidc.Name}, for one.");
        if (account is null) account = await LinkAsync(person, oidc, new(provider, subject, oidc.Name), page.Id, role!.Value, cancel);
        else if (role is { } given) await FollowAsync(account, page.Id, given, cancel);
        return account;
    }

    private async Task<Account> LinkAsync(ClaimsPrincipal person, OidcSettings oidc, UserLoginInfo login, PageId page, Role role, CancellationToken cancel)
    {
        // An address that anybody may claim at the provider opens no account here.
        if (!string.Equals(person.FindFirstValue("email_verified"), "true", StringComparison.OrdinalIgnoreCase))
            throw new RuleViolation($"{oidc.Name} has not verified your email address, so it cannot be matched to an account. Verify it there, then sign in again.");
        var email = EmailAddress.Checked(person.FindFirstValue("email"));
        await using var transaction = await desk.Db.Database.BeginTransactionAsync(cancel);
        var account = await accounts.FindByEmailAsync(email);
        if (account is null)
        {
            account = Account.New(email, desk.Now);
            Check(await accounts.CreateAsync(account));
        }
        Check(await accounts.AddLoginAsync(account, login));
        // Whoever was invited has come by another door.
        await desk.Db.OneTimeLinks.Where(row => row.PageId == page && row.Purpose == LinkPurpose.Invite && row.Email == email).ExecuteDeleteAsync(cancel);
        await desk.SaveAsync(page, new(email, "account.linked", $"{email} by {oidc.Name}"), cancel);
        await FollowAsync(account, page, role, cancel);
        await transaction.CommitAsync(cancel);
        return account;
    }

    /// <summary>The only owner stays one: a page without an owner could not be put right.</summary>
    private async Task FollowAsync(Account account, PageId page, Role role, CancellationToken cancel)
    {
        var membership = await desk.Db.MembershipAsync(account.Id, page, cancel);
        if (membership?.Role == role || membership is not null && await desk.Db.IsOnlyOwnerAsync(membership, cancel)) return;
        if (membership is null) desk.Db.Memberships.Add(Membership.Of(account.Id, page, role, desk.Now));
        else membership.Role = role;
        await desk.SaveAsync(page, new(account.Email ?? "", "account.role-changed", $"{account.Email} ({role.Code()}) by {settings.Oidc?.Name}"), cancel);
    }

    private static void Check(IdentityResult result)
    {
        if (!result.Succeeded) throw new RuleViolation(result.InWords());
    }
}
