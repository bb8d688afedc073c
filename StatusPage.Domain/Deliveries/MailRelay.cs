using StatusPage.Domain.Subscriptions;

namespace StatusPage.Domain.Deliveries;

/// <summary>How a connection to a mail server is secured.</summary>
public enum MailSecurity
{
    /// <summary>Begins in clear, and goes on encrypted before anything is said (RFC 3207).</summary>
    StartTls,

    /// <summary>Encrypted from the start (RFC 8314).</summary>
    Tls,
    None,
}

/// <summary>The mail server that an owner of the first page entered at the desk. An installation has one, and those of the settings go before it.</summary>
public sealed class MailRelay
{
    public const int OnlyId = 1;
    public const int MaxLength = 255;

    private MailRelay() { }

    public int Id { get; private init; } = OnlyId;
    public string Host { get; private set; } = "";
    public int Port { get; private set; }
    public MailSecurity Security { get; private set; }
    public string? Login { get; private set; }

    /// <summary>The password of <see cref="Login"/>, encrypted; null without one.</summary>
    public string? Secrets { get; private set; }
    public string? FromName { get; private set; }
    public string FromAddress { get; private set; } = "";
    public DateTimeOffset ChangedAt { get; private set; }

    public static MailRelay New() => new();

    /// <summary>A password that was entered for one server and user is not sent to another.</summary>
    public bool IsFor(string? host, string? user) => Host.Equals(host?.Trim(), StringComparison.OrdinalIgnoreCase) && Login == Typed(user);

    /// <param name="hasPassword">Whether there is one, typed now or before.</param>
    public void Set(string? host, int port, MailSecurity security, string? user, bool hasPassword, string? fromName, string? from, DateTimeOffset now)
    {
        var name = Text.Line(host, nameof(Host), "the server's name, such as smtp.example.com", MaxLength);
        if (Uri.CheckHostName(name) == UriHostNameType.Unknown)
            throw new RuleViolation($"'{name}' is not the name of a server. Enter one such as smtp.example.com, without smtp://.", nameof(Host));
        if (port is < 1 or > ushort.MaxValue)
            throw new RuleViolation("Enter a port between 1 and 65535: usually 587, or 465 for TLS from the start.", nameof(Port));
        if (!Enum.IsDefined(security))
            throw new RuleViolation("Choose how the connection is secured.", nameof(Security));
        if (Typed(user) is not null && !hasPassword)
            throw new RuleViolation("Enter the user's password.", "Password");
        if (Typed(user) is null && hasPassword)
            throw new RuleViolation("Enter the user whom the password is for.", nameof(Login));
        if (security == MailSecurity.None && hasPassword)
            throw new RuleViolation("No password is sent in clear. Choose STARTTLS or TLS, or leave user and password empty.", nameof(Security));
        if (Typed(user)?.Length > MaxLength)
            throw new RuleViolation($"A user has at most {MaxLength} characters.", nameof(Login));
        FromAddress = EmailAddress.Checked(from, nameof(FromAddress));
        FromName = Text.OptionalLine(fromName, nameof(FromName), "a name for the sender", Pages.Page.MaxNameLength);
        (Host, Port, Security, Login, ChangedAt) = (name, port, security, Typed(user), now);
    }

    public void Keep(string? secrets) => Secrets = secrets;

    private static string? Typed(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>What came back when an owner of a page last sent a test mail.</summary>
public sealed class MailTest
{
    public PageId PageId { get; init; }
    public DateTimeOffset At { get; set; }
    public string By { get; set; } = "";

    /// <summary>Whether the mail server took it. A file is no mail server.</summary>
    public bool IsTaken { get; set; }
    public string Answer { get; set; } = "";
}
