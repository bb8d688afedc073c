namespace StatusPage.Domain.Destinations;

/// <summary>A place in another system to which a page sends postmortems or action items.</summary>
public sealed class Destination
{
    public const int MaxNameLength = 100;
    public const int MaxUrlLength = 500;
    public const int MaxTroubleLength = 500;

    /// <summary>How long the webhook's secret before the current one still signs, so that the receiver can be changed without a gap.</summary>
    public static readonly TimeSpan FormerSecretLasts = TimeSpan.FromDays(1);

    /// <summary>How long before a token ends its owner is warned.</summary>
    public static readonly TimeSpan WarnsBefore = TimeSpan.FromDays(14);

    private Destination() { }

    public DestinationId Id { get; private init; }
    public PageId PageId { get; private init; }
    public DestinationKind Kind { get; private init; }

    /// <summary>Unique on its page; programs call it by this.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Without a slash at the end. Of a webhook the whole address.</summary>
    public string BaseUrl { get; private set; } = "";
    public IReadOnlyList<DestinationSetting> Settings { get; private set; } = [];

    /// <summary>Encrypted.</summary>
    public string Secrets { get; private set; } = "";

    /// <summary>The last day on which the token works, as somebody noted it; null: not known.</summary>
    public DateOnly? ExpiresOn { get; private set; }
    public bool IsOn { get; private set; } = true;

    /// <summary>Until when it asked to be left alone.</summary>
    public DateTimeOffset? PausedUntil { get; private set; }

    /// <summary>Why nothing arrives there, and what to do; null when the last attempt went well.</summary>
    public string? Trouble { get; private set; }
    public DateTimeOffset? TroubleSince { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>As the audit names it.</summary>
    public string Subject => $"{Id} {Name}";

    public static Destination Add(PageId page, DestinationKind kind, DateTimeOffset now) =>
        new()
        {
            Id = DestinationId.New(),
            PageId = page,
            Kind = kind,
            CreatedAt = now,
            UpdatedAt = now,
        };

    /// <param name="secrets">Encrypted.</param>
    /// <exception cref="RuleViolation">The name is missing or too long.</exception>
    public Destination Configure(string? name, CheckedSettings settings, string secrets, DateOnly? expiresOn, DateTimeOffset now)
    {
        Name = CheckedName(name);
        (BaseUrl, Settings, Secrets, ExpiresOn, UpdatedAt) = (settings.BaseUrl, settings.Settings, secrets, expiresOn, now);
        (Trouble, TroubleSince, PausedUntil) = (null, null, null);
        return this;
    }

    /// <exception cref="RuleViolation">It is missing or too long.</exception>
    public static string CheckedName(string? name) => Text.Line(name, nameof(Name), "a name", MaxNameLength);

    public void Turn(bool on, DateTimeOffset now) => (IsOn, UpdatedAt) = (on, now);

    /// <summary>See <see cref="DestinationPlace"/>.</summary>
    public string Place => DestinationPlace.Of(Kind, BaseUrl, Setting);

    public string? Setting(string name) => Settings.FirstOrDefault(setting => setting.Name == name)?.Value;

    /// <summary>What to say of the token's end; null while there is time, or where the end is not known.</summary>
    public Sentence? ExpiryWarning(DateOnly today) =>
        ExpiresOn is not { } last || last > today.AddDays((int)WarnsBefore.TotalDays) ? null
        : last < today ? (Sentence)$"The token ended on {last:O}. Make a new one and enter it here."
        : $"The token ends on {last:O}. Make a new one and enter it here before.";
}
