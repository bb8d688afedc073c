namespace StatusPage.Domain.Channels;

/// <summary>
/// Where the page itself speaks: a chat room, a social account, or the key pair for browser notifications.
/// Secrets are held encrypted; the domain never sees them in clear.
/// </summary>
public sealed class ChannelAccount
{
    public const int MaxNameLength = 100;

    private ChannelAccount() { }

    public ChannelAccountId Id { get; private init; }
    public PageId PageId { get; private init; }
    public Channel Channel { get; private init; }

    /// <summary>What people at the desk call it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Base address of the service's API; null where the address itself is the secret.</summary>
    public string? BaseAddress { get; private set; }

    /// <summary>The account's public name there, or the public half of a key pair.</summary>
    public string? Handle { get; private set; }

    /// <summary>Encrypted.</summary>
    public string Secrets { get; private set; } = "";

    /// <summary>Whether new updates go to it. What is already queued still goes out.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Whether it posts what a private page says, where everybody can read it.</summary>
    public bool PostsPrivate { get; private set; }

    /// <summary>Why the last attempt failed; null once one succeeds. Holds no secret.</summary>
    public string? Trouble { get; private set; }
    public DateTimeOffset? TroubleSince { get; private set; }
    public DateTimeOffset? LastSentAt { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }

    public static ChannelAccount Add(PageId page, Channel channel, string? name, string? baseAddress, string? handle, string secrets, DateTimeOffset now)
    {
        var account = new ChannelAccount
        {
            Id = ChannelAccountId.New(),
            PageId = page,
            Channel = channel,
            CreatedAt = now,
        };
        account.Configure(name, baseAddress, handle, secrets, isOn: true, now);
        return account;
    }

    /// <exception cref="RuleViolation">It is missing or too long.</exception>
    public static string CheckedName(string? name) => Text.Line(name, nameof(Name), "a name", MaxNameLength);

    public void Configure(string? name, string? baseAddress, string? handle, string secrets, bool isOn, DateTimeOffset now)
    {
        Name = CheckedName(name);
        BaseAddress = baseAddress;
        Handle = handle;
        Secrets = secrets;
        IsOn = isOn;
        Trouble = null;
        TroubleSince = null;
        UpdatedAt = now;
    }

    public void PostPrivate(bool allowed, DateTimeOffset now)
    {
        PostsPrivate = allowed && Channel.IsSocial();
        UpdatedAt = now;
    }

    /// <summary>Whether it stays silent: what a private page says is not for everybody, unless its owner says so for this account.</summary>
    public bool IsSilentFor(bool isPrivate) => isPrivate && Channel.IsSocial() && !PostsPrivate;

    public void Turn(bool on, DateTimeOffset now)
    {
        IsOn = on;
        UpdatedAt = now;
    }

    public void Worked(DateTimeOffset now)
    {
        LastSentAt = now;
        Trouble = null;
        TroubleSince = null;
    }

    public void Failed(string reason, DateTimeOffset now)
    {
        Trouble = reason;
        TroubleSince ??= now;
    }
}
