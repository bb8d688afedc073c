using StatusPage.Domain.Metrics;

namespace StatusPage.Domain.Alerts;

/// <summary>A monitoring system, or something that must call regularly, whose alerts become drafts.</summary>
public sealed class AlertSource
{
    public const int MaxNameLength = 100;

    /// <summary>How long the secret before the current one still works, so that the sender can be changed without a gap.</summary>
    public static readonly TimeSpan FormerSecretLasts = TimeSpan.FromDays(1);

    /// <summary>Secrets that may work beside the current one.</summary>
    public const int MostEarlierSecrets = 20;

    public static readonly TimeSpan ShortestBeat = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan LongestBeat = TimeSpan.FromDays(7);

    private AlertSource() { }

    public AlertSourceId Id { get; private init; }
    public PageId PageId { get; private init; }
    public AlertSourceKind Kind { get; private init; }
    public string Name { get; private set; } = "";

    /// <summary>Encrypted; empty until the secret of a system that chooses it is entered.</summary>
    public string Secret { get; private set; } = "";

    /// <summary>Encrypted; null when there is none.</summary>
    public string? FormerSecret { get; private set; }
    public DateTimeOffset? FormerUntil { get; private set; }

    /// <summary>Those before the former one, the newest first.</summary>
    public IReadOnlyList<EarlierSecret> EarlierSecrets { get; private set; } = [];

    /// <summary>A generic source's mapping, as JSON.</summary>
    public string? Mapping { get; private set; }

    /// <summary>A heartbeat must call this often; null for every other kind.</summary>
    public TimeSpan? BeatsEvery { get; private set; }
    public DateTimeOffset? HeardAt { get; private set; }

    /// <summary>Until when its silence means nothing, as calls were not heard while the program did not run; null: no longer.</summary>
    public DateTimeOffset? ExcusedUntil { get; private set; }

    /// <summary>Since when a heartbeat is known to be silent.</summary>
    public DateTimeOffset? SilentSince { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>The Prometheus that knows the metrics behind the alerts; null: no chart is drawn.</summary>
    public string? Prometheus { get; private set; }

    /// <summary>As the audit names it.</summary>
    public string Subject => $"{Id} {Name}";

    /// <summary>When a heartbeat counts as silent, unless it calls before; null for every other kind.</summary>
    public DateTimeOffset? SilentAt =>
        BeatsEvery is not { } every ? null
        : (HeardAt ?? CreatedAt) + every is var at && ExcusedUntil > at ? ExcusedUntil
        : at;

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

    /// <exception cref="RuleViolation">It is missing or too long.</exception>
    public static string CheckedName(string? name) => Text.Line(name, nameof(Name), "a name", MaxNameLength);

    /// <exception cref="RuleViolation">The name is empty, or a heartbeat's interval is missing or out of bounds.</exception>
    public void Configure(string? name, string? mapping, TimeSpan? beatsEvery, DateTimeOffset now)
    {
        var checks = new Checks();
        Name = checks.Try(() => CheckedName(name));
        checks.Refuse(
            Kind == AlertSourceKind.Heartbeat && (beatsEvery is not { } every || every < ShortestBeat || every > LongestBeat),
            "Choose between 1 minute and 7 days.",
            nameof(BeatsEvery)
        );
        checks.Enforce();
        BeatsEvery = Kind == AlertSourceKind.Heartbeat ? beatsEvery : null;
        Mapping = Kind == AlertSourceKind.Generic ? mapping : null;
        UpdatedAt = now;
    }

    /// <exception cref="RuleViolation">It is not an address of a Prometheus.</exception>
    public void AskAt(string? prometheus) => Prometheus = PrometheusAddress.Of(prometheus, nameof(Prometheus));

    /// <summary>The secret so far works for another day, and those before it as long as they would have.</summary>
    /// <param name="secret">Encrypted.</param>
    /// <exception cref="RuleViolation">It was changed too often within a day.</exception>
    public void Renew(string secret, DateTimeOffset now)
    {
        var earlier = EarlierSecrets.Where(one => now < one.Until).ToList();
        if (earlier.Count >= MostEarlierSecrets)
            throw new RuleViolation($"The secret was changed {MostEarlierSecrets} times within a day. Wait, or remove the source and add it again.");
        if (FormerSecret is { } former && FormerUntil is { } until && now < until)
            earlier.Insert(0, new(former, until));
        EarlierSecrets = earlier;
        FormerSecret = Secret.Length > 0 ? Secret : null;
        FormerUntil = Secret.Length > 0 ? now + FormerSecretLasts : null;
        (Secret, UpdatedAt) = (secret, now);
    }

    /// <summary>The encrypted secrets that work at an instant.</summary>
    public IReadOnlyList<string> SecretsAt(DateTimeOffset now) =>
        [
            .. Secret.Length > 0 ? [Secret] : Array.Empty<string>(),
            .. FormerSecret is { } former && now < FormerUntil ? [former] : Array.Empty<string>(),
            .. EarlierSecrets.Where(one => now < one.Until).Select(one => one.Secret),
        ];

    /// <returns>Whether a heartbeat that was silent called again.</returns>
    public bool Hear(DateTimeOffset now)
    {
        var wasSilent = SilentSince is not null;
        (HeardAt, SilentSince, ExcusedUntil) = (now, null, null);
        return wasSilent;
    }

    /// <summary>
    /// The program runs again, and calls of a heartbeat may have been lost: it gets its whole time once more. A program that stops again and again does not
    /// put that off again and again.
    /// </summary>
    public void Excuse(DateTimeOffset now)
    {
        if (BeatsEvery is { } every && SilentSince is null && !(now < ExcusedUntil))
            ExcusedUntil = now + every;
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

/// <param name="Secret">Encrypted.</param>
/// <param name="Until">It works before this instant.</param>
public sealed record EarlierSecret(string Secret, DateTimeOffset Until);
