using StatusPage.Domain.Subscriptions;

namespace StatusPage.Domain.Notices;

/// <summary>A member of the team, or a service that wakes them, who is told when a promise lapses; the level says when.</summary>
public sealed class Contact
{
    public const int MaxNameLength = 100;

    /// <summary>Reminded before a promise lapses and when it does; the higher levels are called when no update follows.</summary>
    public const int Reminded = 0;
    public const int HighestLevel = 2;

    private Contact() { }

    public ContactId Id { get; private init; }
    public PageId PageId { get; private init; }
    public NoticeChannel Channel { get; private init; }
    public string Name { get; private set; } = "";

    /// <summary>
    /// Email: the address. Browser: the account's id. PagerDuty and Opsgenie: the base address of the API. Slack: null, since the address is the secret.
    /// </summary>
    public string? Address { get; private set; }

    /// <summary>Encrypted; null where there is none.</summary>
    public string? Secrets { get; private set; }

    /// <summary>0: reminded; 1 and 2: the steps of the escalation.</summary>
    public int Level { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>What a notice to this contact is addressed to.</summary>
    public string NoticeAddress => Channel is NoticeChannel.Email or NoticeChannel.Browser ? Address! : Id.Value;

    public static Contact Add(PageId page, NoticeChannel channel, string? name, string? address, string? secrets, int level, DateTimeOffset now)
    {
        var contact = new Contact
        {
            Id = ContactId.New(),
            PageId = page,
            Channel = channel,
            CreatedAt = now,
        };
        contact.Configure(name, address, secrets, level, now);
        return contact;
    }

    /// <exception cref="RuleViolation">It is missing or too long.</exception>
    public static string CheckedName(string? name) => Text.Line(name, nameof(Name), "a name", MaxNameLength);

    public void Configure(string? name, string? address, string? secrets, int level, DateTimeOffset now)
    {
        var checks = new Checks();
        Name = checks.Try(() => CheckedName(name));
        checks.Refuse(level is < Reminded or > HighestLevel, "Choose when this contact is told.", nameof(Level));
        checks.Refuse(Channel == NoticeChannel.Browser && string.IsNullOrEmpty(address), "Choose whose browsers are told.", nameof(Address));
        Address = Channel == NoticeChannel.Email ? checks.Try(() => EmailAddress.Checked(address, nameof(Address))) : address;
        checks.Enforce();
        Secrets = secrets;
        Level = level;
        UpdatedAt = now;
    }
}
