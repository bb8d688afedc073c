using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Web.Data;

namespace StatusPage.Web.Accounts.People;

/// <summary>An account with what it may do at a page.</summary>
public sealed record Member
{
    public required Account Account { get; init; }
    public required Membership Membership { get; init; }
}

internal static class Members
{
    public static IQueryable<Member> MembersOf(this StatusDb db, PageId page) =>
        db
            .Memberships.Where(row => row.PageId == page)
            .Join(db.Users, row => row.AccountId, account => account.Id, (row, account) => new Member { Account = account, Membership = row });

    public static Task<Membership?> MembershipAsync(this StatusDb db, string account, PageId page, CancellationToken cancel) =>
        db.Memberships.FirstOrDefaultAsync(row => row.AccountId == account && row.PageId == page, cancel);

    /// <summary>Whether the page would have no owner without this membership.</summary>
    public static async Task<bool> IsOnlyOwnerAsync(this StatusDb db, Membership membership, CancellationToken cancel) =>
        membership.Role == Role.Owner && await db.Memberships.CountAsync(row => row.PageId == membership.PageId && row.Role == Role.Owner, cancel) == 1;
}
