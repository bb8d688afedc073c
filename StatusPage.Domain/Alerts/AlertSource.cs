using StatusPage.Domain.Metrics;

namespace StatusPage.Domain.Alerts;

/// <summary>A monitoring system, or something that must call regularly, whose alerts become drafts.</summary>
public sealed class AlertSource
{
    public const int MaxNameLength = 100;

    /// <summary>How long the secret before the current one still works, so that the sender can be changed without a gap.</summary>
    public static readonly TimeSpan FormerSecretLasts = TimeSpan.FromDays(1);

    public static readonly TimeSpan ShortestBeat = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan LongestBeat = TimeSpan.FromDays(7);

    private AlertSource() { }

    public AlertSourceId Id { get; private init; }
    public PageId PageId { get; private init; }
    public AlertSourceKind Kind { get; private init; }
    public string Name { get; private set; } = "";

    /// <summary>Encrypted.</summary>
    public string Secret { get; private set; } = "";

    /// <summary>Encrypted; null when there is none.</summary>
    public string? FormerSecret { get; private set; }
    public DateTimeOffset? FormerUntil { get; private set; }

    /// <summary>A generic source's mapping, as JSON.</summary>
    public string? Mapping { get; private set; }

    /// <summary>A heartbeat must call this often; null for every other kind.</summary>
    public TimeSpan? BeatsEvery { get; private set; }
    public DateTimeOffset? HeardAt { get; private set; }

    /// <summary>Since when a heartbeat is known to be silent.</summary>
    public DateTimeOffset? SilentSince { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>The Prometheus that knows the metrics behind the alerts; null: no chart is drawn.</summary>
    public string? Prometheus { get; private set; }

    /// <summary>As the audit names it.</summary>
    public string Subject => $"{Id} {Name}";

    /// <summary>When a heartbeat counts as silent, unless it calls before; null for every other kind.</summary>
    public DateTimeOffset? SilentAt => BeatsEvery is { } every ? (HeardAt ?? CreatedAt) + every : null;

    public static AlertSource Add(
        PageId page,
        AlertSourceKind kind,
        string? name,
        string secret,
        string? mapping,
        TimeSpan? beatsEvery,
        DateTimeOffset now
    )
    {
        var source = new AlertSource
        {
            Id = AlertSourceId.New(),
            PageId = page,
            Kind = kind,
            Secret = secret,
            CreatedAt = now,
        };
        source.Configure(name, mapping, beatsEvery, now);
        return source;
    }

    /// <exception cref="RuleViolation">The name is empty, or a heartbeat's interval is missing or out of bounds.</exception>
    public void Configure(string? name, string? mapping, TimeSpan? beatsEvery, DateTimeOffset now)
    {
        Name = Text.Line(name, nameof(Name), "a name", MaxNameLength);
        if (Kind == AlertSourceKind.Heartbeat && (beatsEvery is not { } every || every < ShortestBeat || every > LongestBeat))
            throw new RuleViolation("Choose between 1 minute and 7 days.", nameof(BeatsEvery));
        BeatsEvery = Kind == AlertSourceKind.Heartbeat ? beatsEvery : null;
        Mapping = Kind == AlertSourceKind.Generic ? mapping : null;
        UpdatedAt = now;
    }

    /// <exception cref="RuleViolation">It is not an address of a Prometheus.</exception>
    public void AskAt(string? prometheus) => Prometheus = PrometheusAddress.Of(prometheus, nameof(Prometheus));

    /// <summary>The secret so far works for another day.</summary>
    /// <param name="secret">Encrypted.</param>
    public void Renew(string secret, DateTimeOffset now) =>
        (FormerSecret, FormerUntil, Secret, UpdatedAt) = (Secret, now + FormerSecretLasts, secret, now);

    /// <summary>The encrypted secrets that work at an instant.</summary>
    public IReadOnlyList<string> SecretsAt(DateTimeOffset now) => FormerSecret is { } former && now < FormerUntil ? [Secret, former] : [Secret];

    /// <returns>Whether a heartbeat that was silent called again.</returns>
    public bool Hear(DateTimeOffset now)
    {
        var wasSilent = SilentSince is not null;
        (HeardAt, SilentSince) = (now, null);
        return wasSilent;
    }

    /// <returns>Whether a heartbeat is found to be silent now, and was not before.</returns>
    public bool GoSilent(DateTimeOffset now)
    {
        if (SilentSince is not null || SilentAt is not { } at || at > now)
            return false;
        SilentSince = now;
        return true;
    }
}
