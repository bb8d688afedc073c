namespace StatusPage.Domain.Accounts;

/// <summary>What an account is trusted with at one page. Without one, it may not even look behind that page.</summary>
public sealed class Membership
{
    private Membership() { }

    public string AccountId { get; private init; } = "";
    public PageId PageId { get; private init; }
    public Role Role { get; set; }
    public DateTimeOffset Since { get; private init; }

    public static Membership Of(string account, PageId page, Role role, DateTimeOffset now) => new() { AccountId = account, PageId = page, Role = role, Since = now };
}
