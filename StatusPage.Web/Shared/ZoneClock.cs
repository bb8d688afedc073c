using System.Globalization;
using NodaTime;
using NodaTime.TimeZones;

namespace StatusPage.Web.Shared;

/// <summary>Writes instants as people in one zone read them. NodaTime knows the zones' abbreviations, which .NET does not.</summary>
public sealed class ZoneClock
{
    private readonly DateTimeZone _zone;

    private ZoneClock(DateTimeZone zone) => _zone = zone;

    public static ZoneClock For(string ianaName) =>
        new(DateTimeZoneProviders.Tzdb.GetZoneOrNull(ianaName) ?? new BclDateTimeZoneSource().ForId(ianaName) ?? DateTimeZone.Utc);

    /// <summary>3:15 PM PST</summary>
    public string Time(DateTimeOffset instant) => $"{Format(instant, "h:mm tt")} {Abbreviation(instant)}";

    /// <summary>Nov 24, 3:15 PM PST</summary>
    public string DateAndTime(DateTimeOffset instant) => $"{Format(instant, "MMM d, h:mm tt")} {Abbreviation(instant)}";

    /// <summary>Dec 3, 10:00 AM PST to 12:00 PM PST (Dec 3, 18:00 UTC to Dec 3, 20:00 UTC)</summary>
    public string Window(DateTimeOffset from, DateTimeOffset until) => $"{DateAndTime(from)} to {Near(until, from)} ({Utc(from)} to {Utc(until)})";

    /// <summary>Nov 24, 23:15 UTC</summary>
    public static string Utc(DateTimeOffset instant) => instant.UtcDateTime.ToString("MMM d, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>November 24, 2026</summary>
    public string Day(DateTimeOffset instant) => Format(instant, "MMMM d, yyyy");

    public static string Day(DateOnly day) => day.ToString("MMM d, yyyy", CultureInfo.InvariantCulture);

    public DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(In(instant).ToDateTimeUnspecified());

    /// <summary>The time alone when both fall on one day, else with the date.</summary>
    public string Near(DateTimeOffset instant, DateTimeOffset other) => DateOf(instant) == DateOf(other) ? Time(instant) : DateAndTime(instant);

    /// <summary>Reads what a datetime-local field holds; false when it is no time, or one that nobody can mean.</summary>
    public bool TryReadLocal(string? field, out DateTimeOffset instant)
    {
        var read = DateTime.TryParseExact(field, ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            && local.Year is >= 2000 and <= 2200;
        instant = read ? FromLocal(local) : default;
        return read;
    }

    /// <summary>
    /// The instants that a field may mean: two for an hour that comes twice when clocks are set back; none for one that they skip, or for what is
    /// no time (<paramref name="local"/> is null then).
    /// </summary>
    public IReadOnlyList<DateTimeOffset> Meanings(string? field, out DateTime? local)
    {
        local = TryReadLocal(field, out _) ? DateTime.Parse(field!, CultureInfo.InvariantCulture) : null;
        if (local is not { } wall) return [];
        var map = _zone.MapLocal(LocalDateTime.FromDateTime(wall));
        return map.Count switch
        {
            0 => [],
            1 => [map.Single().ToDateTimeOffset().ToUniversalTime()],
            _ => [map.First().ToDateTimeOffset().ToUniversalTime(), map.Last().ToDateTimeOffset().ToUniversalTime()],
        };
    }

    /// <summary>A time that clocks skip is moved forward, one that comes twice means the first.</summary>
    public DateTimeOffset FromLocal(DateTime local) =>
        LocalDateTime.FromDateTime(local).InZone(_zone, Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnForwardShifted))
            .ToDateTimeOffset().ToUniversalTime();

    public DateTime ToLocal(DateTimeOffset instant) => In(instant).ToDateTimeUnspecified();

    /// <summary>The form of the datetime attribute: 2026-11-24T23:15:00Z</summary>
    public static string Machine(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>2 h 15 min</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => "under a minute",
        { TotalHours: < 1 } => $"{span.Minutes} min",
        { TotalDays: < 1 } => span.Minutes == 0 ? $"{span.Hours} h" : $"{span.Hours} h {span.Minutes} min",
        _ => span.Hours == 0 ? $"{(int)span.TotalDays} d" : $"{(int)span.TotalDays} d {span.Hours} h",
    };

    /// <summary>30 minutes, 2 hours, 1 hour 30 minutes</summary>
    public static string InWords(TimeSpan span)
    {
        var minutes = (int)Math.Round(span.TotalMinutes);
        var (hours, rest) = (minutes / 60, minutes % 60);
        return (hours, rest) switch
        {
            (0, _) => Count(rest, "minute"),
            ( >= 48, _) => Count(hours / 24, "day"),
            (_, 0) => Count(hours, "hour"),
            _ => $"{Count(hours, "hour")} {Count(rest, "minute")}",
        };

        static string Count(int number, string unit) => number == 1 ? $"1 {unit}" : $"{number} {unit}s";
    }

    private string Format(DateTimeOffset instant, string pattern) => In(instant).ToDateTimeUnspecified().ToString(pattern, CultureInfo.InvariantCulture);

    private ZonedDateTime In(DateTimeOffset instant) => Instant.FromDateTimeOffset(instant).InZone(_zone);

    /// <summary>PST, CET; zones without letters are told by their distance: UTC+03.</summary>
    private string Abbreviation(DateTimeOffset instant)
    {
        var name = _zone.GetZoneInterval(Instant.FromDateTimeOffset(instant)).Name;
        if (name.Length > 0 && char.IsLetter(name[0])) return name;
        return name.Length == 5 ? $"UTC{name[..3]}:{name[3..]}" : $"UTC{name}";
    }
}
