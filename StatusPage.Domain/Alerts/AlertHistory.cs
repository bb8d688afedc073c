using System.Security.Cryptography;
using System.Text;

namespace StatusPage.Domain.Alerts;

/// <summary>One alert of a stream from its beginning to its end. A group of alerts has several at a time, an alias one after another.</summary>
/// <param name="Name">The same whenever the source speaks of it.</param>
/// <param name="Began">Null where the source does not say.</param>
public sealed record AlertOccasion(string Name, DateTimeOffset? Began)
{
    private const int NameLength = 16;

    /// <param name="parts">What the source calls it by; together they never name another.</param>
    public static AlertOccasion Of(DateTimeOffset? began, params ReadOnlySpan<string?> parts) => new(Digest(string.Join('\n', parts!)), began);

    internal static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..NameLength];
}

/// <summary>
/// What is known of a stream of alerts, so that it comes to the same whatever the order in which its reports arrive. An end covers the occasions that it
/// names; of a source without occasions, what began no later than it. A report that an end covers is old news when it
/// comes for the first time. When it is repeated, it fires: no alert that lasts is passed over for ever.
/// </summary>
public sealed class AlertHistory
{
    /// <summary>Occasions and reports that are remembered; the oldest are forgotten first.</summary>
    public const int MostRemembered = 500;

    /// <summary>How much later than the next report a report may arrive.</summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromMinutes(5);

    private AlertHistory() { }

    public AlertHistory(AlertSourceId source, string key, DateTimeOffset now) => (SourceId, Key, ChangedAt) = (source, key, now);

    public AlertSourceId SourceId { get; private init; }
    public string Key { get; private init; } = "";

    /// <summary>When the newest report that it fires says that it does; null while nothing fires.</summary>
    public DateTimeOffset? FiredAt { get; private set; }

    /// <summary>When that report came.</summary>
    public DateTimeOffset? FiredHereAt { get; private set; }
    public IReadOnlyList<AlertOccasion> Firing { get; private set; } = [];

    /// <summary>The newest end, as the source says; never later than it was heard of.</summary>
    public DateTimeOffset? EndedAt { get; private set; }
    public DateTimeOffset? EndedHereAt { get; private set; }

    /// <summary>Names of the occasions that are over.</summary>
    public IReadOnlyList<string> Ended { get; private set; } = [];

    /// <summary>Names of the occasions that were reported to fire, and of the reports: which occasions one named together.</summary>
    public IReadOnlyList<string> Heard { get; private set; } = [];
    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>Whether a report that it fires was overtaken by the end of what it tells.</summary>
    public bool IsOldNews(AlertEvent fired, DateTimeOffset now)
    {
        if (!IsCovered(fired, now))
            return false;
        if (fired.NeverRepeats)
            return true;
        var isRepeated = Heard.Contains(ReportOf(fired));
        var isLate = now - EndedHereAt <= Lateness;
        return !isRepeated && (isLate || !NamesOf(fired).All(Heard.Contains));
    }

    /// <summary>It is remembered, though it changed nothing: when it is repeated, it fires.</summary>
    public void Pass(AlertEvent fired, DateTimeOffset now) => (Heard, ChangedAt) = (With(Heard, [.. NamesOf(fired), ReportOf(fired)]), now);

    /// <summary>It fires, or still does.</summary>
    public void Fire(AlertEvent fired, DateTimeOffset now)
    {
        Pass(fired, now);
        var over = fired.Ended.Select(occasion => occasion.Name).ToHashSet(StringComparer.Ordinal);
        var names = fired.Occasions.Select(occasion => occasion.Name).ToHashSet(StringComparer.Ordinal);
        Ended = With([.. Ended.Where(name => !names.Contains(name))], over);
        // What began after everything that this names, and was heard of just now, may have overtaken it.
        var newest = fired.Occasions.Max(occasion => occasion.Began);
        var overtaking = Firing.Where(occasion =>
            now - FiredHereAt <= Lateness && occasion.Began > newest && !names.Contains(occasion.Name) && !Ended.Contains(occasion.Name)
        );
        Firing = [.. fired.Occasions.Concat(overtaking).Take(MostRemembered)];
        FiredAt = Later(FiredAt, Earlier(fired.At, now));
        FiredHereAt = now;
    }

    /// <summary>Whether a report of an end is about something before what fires now.</summary>
    public bool IsOldEnd(AlertEvent ended, DateTimeOffset now)
    {
        if (ended.Occasions.Count == 0 || Firing.Count == 0)
            return Earlier(ended.At, now) < FiredAt;
        var names = ended.Occasions.Select(occasion => occasion.Name).ToHashSet(StringComparer.Ordinal);
        if (ended.Occasions.Max(occasion => occasion.Began) is not { } newest)
            return !Firing.Any(occasion => names.Contains(occasion.Name));
        // A group that ends names all that fired in it until then.
        return (ended.At is not { } at || at < FiredHereAt) && Firing.Any(occasion => !names.Contains(occasion.Name) && occasion.Began > newest);
    }

    /// <summary>It is over: what it names, or else all that is known of it. A group goes on with what it did not name, such as an alert that was silenced.</summary>
    public void End(AlertEvent ended, DateTimeOffset now)
    {
        var names = ended.Occasions.Select(occasion => occasion.Name).ToList();
        if (IsOldEnd(ended, now))
        {
            EndedAt = Later(EndedAt, Earlier(ended.At, now));
            Ended = With(Ended, names);
            Firing = [.. Firing.Where(occasion => !names.Contains(occasion.Name))];
        }
        else
        {
            // Without a time of its own, it ends what fired before by the source's clock, which may be behind ours.
            EndedAt = Later(EndedAt, Earlier(ended.At, now) ?? FiredAt ?? now);
            Ended = With(Ended, names.Count > 0 ? names : Heard.Where(IsOccasion));
            (Firing, FiredAt, FiredHereAt) = ([], null, null);
        }
        (EndedHereAt, ChangedAt) = (now, now);
    }

    private bool IsCovered(AlertEvent fired, DateTimeOffset now) =>
        fired.Occasions.Count > 0 ? fired.Occasions.All(occasion => Ended.Contains(occasion.Name)) : Earlier(fired.At, now) <= EndedAt;

    private static IEnumerable<string> NamesOf(AlertEvent fired) => fired.Occasions.Select(occasion => occasion.Name);

    /// <summary>One report differs from another by what it names together; where nothing is named, by its time.</summary>
    private static string ReportOf(AlertEvent fired) =>
        "=" + AlertOccasion.Digest(fired.Occasions.Count > 0 ? string.Join(' ', NamesOf(fired).Order(StringComparer.Ordinal)) : $"{fired.At?.UtcTicks}");

    private static bool IsOccasion(string heard) => !heard.StartsWith('=');

    private static IReadOnlyList<string> With(IReadOnlyList<string> names, IEnumerable<string> more)
    {
        var added = more.Except(names, StringComparer.Ordinal).ToList();
        return added.Count == 0 ? names : [.. names.Concat(added).TakeLast(MostRemembered)];
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? at, DateTimeOffset now) =>
        at is { } known
            ? known < now
                ? known
                : now
            : null;

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null ? other
        : other is null ? one
        : one > other ? one
        : other;
}
