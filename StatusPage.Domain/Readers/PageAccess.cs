using System.Security.Cryptography;

namespace StatusPage.Domain.Readers;

/// <summary>What the owner chose about the readers of a private page.</summary>
public sealed record AccessChoice
{
    public bool MailsLinks { get; init; }
    public bool SubscribersRead { get; init; }
    public bool ProviderReads { get; init; }
    public bool ProviderListedOnly { get; init; }
    public IReadOnlyList<string> People { get; init; } = [];

    /// <summary>Said on purpose: nobody but those who work at the desk.</summary>
    public bool TeamOnly { get; init; }
}

/// <summary>
/// Who may read a page. While it is private, those who work at its desk always may; others by the roads that the owner opens, each of which may be closed.
/// A page without a row is for everybody.
/// </summary>
public sealed class PageAccess
{
    private const int KeyLength = 32;

    private PageAccess() { }

    public PageId PageId { get; private init; }

    /// <summary>Null: it is for everybody.</summary>
    public DateTimeOffset? PrivateSince { get; private set; }

    /// <summary>As of accounts; null: no password lets anybody in.</summary>
    public string? PasswordHash { get; private set; }
    public bool MailsLinks { get; private set; }
    public bool SubscribersRead { get; private set; }
    public bool ProviderReads { get; private set; }
    public bool ProviderListedOnly { get; private set; }
    public IReadOnlyList<string> People { get; private set; } = [];
    public byte[] Key { get; private set; } = [];
    public string Stamp { get; private set; } = "";
    public DateTimeOffset UpdatedAt { get; private set; }

    public bool IsPrivate => PrivateSince is not null;

    public static PageAccess Of(PageId page, DateTimeOffset now)
    {
        var access = new PageAccess { PageId = page };
        access.SignEverybodyOut(now);
        return access;
    }

    /// <param name="passwordHash">Null: no password lets anybody in. Another one ends the sessions of those who came by the one before.</param>
    public void Close(AccessChoice choice, string? passwordHash, DateTimeOffset now)
    {
        if (passwordHash is null && choice is { MailsLinks: false, ProviderReads: false, TeamOnly: false })
            throw new RuleViolation("Choose a way in, or say that nobody else reads it.", nameof(AccessChoice.TeamOnly));
        if (choice is { MailsLinks: true, SubscribersRead: false, People.Count: 0 })
            throw new RuleViolation("Nobody would get a link. Enter at least one address or domain.", nameof(People));
        if (choice is { ProviderReads: true, ProviderListedOnly: true, People.Count: 0 })
            throw new RuleViolation("Nobody could sign in. Enter at least one address or domain.", nameof(People));
        PrivateSince ??= now;
        PasswordHash = passwordHash;
        MailsLinks = choice.MailsLinks;
        SubscribersRead = choice.SubscribersRead;
        ProviderReads = choice.ProviderReads;
        ProviderListedOnly = choice.ProviderListedOnly;
        People = choice.People;
        Touch(now);
    }

    /// <summary>Everybody may read it. The roads stay as they are, for the next time.</summary>
    public void Open(DateTimeOffset now)
    {
        PrivateSince = null;
        Touch(now);
    }

    public void SignEverybodyOut(DateTimeOffset now)
    {
        Key = RandomNumberGenerator.GetBytes(KeyLength);
        Touch(now);
    }

    /// <summary>The rule changed, also by a token that was made or revoked.</summary>
    public void Touch(DateTimeOffset now) => (Stamp, UpdatedAt) = (PublicId.NewValue(), now);

    /// <summary>Null: everybody may read the page.</summary>
    public AccessRule? Rule(IReadOnlyList<TokenRule> tokens) =>
        PrivateSince is not { } since
            ? null
            : new()
            {
                Stamp = Stamp,
                Key = Key,
                PrivateSince = since,
                PasswordHash = PasswordHash,
                MailsLinks = MailsLinks,
                SubscribersRead = SubscribersRead,
                ProviderReads = ProviderReads,
                ProviderListedOnly = ProviderListedOnly,
                People = People,
                Tokens = tokens,
            };
}
