namespace StatusPage.Domain.Accounts;

/// <summary>
/// The role of an account at one page. Without one, the account cannot even read that page's admin area. The granter controls it: a membership from an
/// owner stays until an owner takes it away; one from an identity provider stays as long as the provider keeps confirming it.
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

    /// <summary>When the provider last confirmed it.</summary>
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

    /// <summary>Changes the role on behalf of an owner.</summary>
    /// <exception cref="RuleViolation">The provider decides it, and would undo the change at the next sign-in.</exception>
    public void Change(Role role) => Role = GrantedBy is null ? role : throw new RuleViolation("The identity provider gives this role. Change it there.");

    /// <summary>Confirms the role on behalf of the provider that granted it.</summary>
    public void Confirm(Role role, DateTimeOffset now)
    {
        if (GrantedBy is null)
            throw new InvalidOperationException("An owner granted this membership.");
        (Role, ConfirmedAt) = (role, now);
    }
}
