namespace StatusPage.Domain.Accounts;

/// <summary>
/// What an account is trusted with at one page. Without one, it may not even look behind that page. It belongs to whoever granted it: an owner's stays until
/// an owner takes it away, and an identity provider's stays as long as the provider goes on saying so.
/// </summary>
public sealed class Membership
{
    private Membership() { }

    public string AccountId { get; private init; } = "";
    public PageId PageId { get; private init; }
    public Role Role { get; private set; }
    public DateTimeOffset Since { get; private init; }

    /// <summary>The identity provider that granted it; null: an owner, or the first start.</summary>
    public string? GrantedBy { get; private init; }

    /// <summary>When the provider said so last.</summary>
    public DateTimeOffset? ConfirmedAt { get; private set; }

    public static Membership Of(string account, PageId page, Role role, DateTimeOffset now) =>
        new()
        {
            AccountId = account,
            PageId = page,
            Role = role,
            Since = now,
        };

    public static Membership OfProvider(string account, PageId page, Role role, string provider, DateTimeOffset now) =>
        new()
        {
            AccountId = account,
            PageId = page,
            Role = role,
            Since = now,
            GrantedBy = provider,
            ConfirmedAt = now,
        };

    /// <summary>By an owner.</summary>
    /// <exception cref="RuleViolation">The provider decides it, and would undo the change at the next sign-in.</exception>
    public void Change(Role role) => Role = GrantedBy is null ? role : throw new RuleViolation("The identity provider gives this role. Change it there.");

    /// <summary>By the provider that granted it.</summary>
    public void Confirm(Role role, DateTimeOffset now)
    {
        if (GrantedBy is null)
            throw new InvalidOperationException("An owner granted this membership.");
        (Role, ConfirmedAt) = (role, now);
    }
}
