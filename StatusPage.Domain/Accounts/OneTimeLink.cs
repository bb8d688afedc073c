using System.Security.Cryptography;

namespace StatusPage.Domain.Accounts;

/// <summary>What a mailed link lets its holder do. The numbers lie in the store.</summary>
public enum OneTimeLinkPurpose
{
    /// <summary>Make an account with the role that the owner chose.</summary>
    Invite = 0,

    /// <summary>Choose a new password for an account.</summary>
    Reset = 1,

    /// <summary>Read a private page.</summary>
    Read = 2,
}

/// <summary>Lets its holder do one thing once. Only the token's hash is kept; the row is deleted when it is used.</summary>
public sealed class OneTimeLink
{
    public static readonly TimeSpan InviteLasts = TimeSpan.FromDays(7);
    public static readonly TimeSpan ResetLasts = TimeSpan.FromHours(1);
    public static readonly TimeSpan ReadLasts = TimeSpan.FromHours(1);

    private OneTimeLink() { }

    public long Id { get; private init; }
    public PageId PageId { get; private init; }
    public OneTimeLinkPurpose Purpose { get; private init; }

    /// <summary>SHA-256 of the token, in hex.</summary>
    public string Hash { get; private set; } = "";
    public string Email { get; private init; } = "";

    /// <summary>For an invitation: the role that the account will have.</summary>
    public Role? Role { get; private init; }

    /// <summary>For a reset: the account.</summary>
    public string? AccountId { get; private init; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }

    public static (OneTimeLink Row, string Token) Invite(PageId page, string email, Role role, DateTimeOffset now)
    {
        var row = new OneTimeLink
        {
            PageId = page,
            Purpose = OneTimeLinkPurpose.Invite,
            Email = email,
            Role = role,
        };
        return (row, row.Renew(now));
    }

    public static (OneTimeLink Row, string Token) Reset(PageId page, string email, string account, DateTimeOffset now)
    {
        var row = new OneTimeLink
        {
            PageId = page,
            Purpose = OneTimeLinkPurpose.Reset,
            Email = email,
            AccountId = account,
        };
        return (row, row.Renew(now));
    }

    public static (OneTimeLink Row, string Token) Read(PageId page, string email, DateTimeOffset now)
    {
        var row = new OneTimeLink
        {
            PageId = page,
            Purpose = OneTimeLinkPurpose.Read,
            Email = email,
        };
        return (row, row.Renew(now));
    }

    public bool IsGood(DateTimeOffset now) => now < ExpiresAt;

    /// <summary>Makes a fresh token; the previous one stops working.</summary>
    public string Renew(DateTimeOffset now)
    {
        var token = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 40);
        Hash = ApiKey.HashOf(token);
        CreatedAt = now;
        ExpiresAt =
            now
            + Purpose switch
            {
                OneTimeLinkPurpose.Invite => InviteLasts,
                OneTimeLinkPurpose.Read => ReadLasts,
                _ => ResetLasts,
            };
        return token;
    }
}
