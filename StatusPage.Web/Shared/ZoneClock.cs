using System.Globalization;
using NodaTime;
using NodaTime.TimeZones;
using StatusPage.Domain;
using StatusPage.Web.Languages;

namespace StatusPage.Web.Shared;

/// <summary>
/// Writes instants as people in one zone read them, in their language. A date of another year than the reader's shows its year. The static members speak
/// English, as the desk does.
/// </summary>
public sealed class ZoneClock
{
    private readonly Zone _zone;
    private readonly int _thisYear;

    private ZoneClock(Zone zone, DateTimeOffset now, Words say)
    {
        _zone = zone;
        Say = say;
        _thisYear = DateOf(now).Year;
    }

    /// <summary>The language that it speaks; its date patterns are words as well.</summary>
    public Words Say { get; }

    /// <param name="now">When it is read: the time of the snapshot on the page, so that equal snapshots make equal bytes.</param>
    /// <param name="say">Null: English.</param>
    public static ZoneClock For(string ianaName, DateTimeOffset now, Words? say = null) => new(Zones.Of(ianaName), now, say ?? Words.English);

    /// <summary>3:15 PM PST</summary>
    public string Time(DateTimeOffset instant) => $"{Format(instant, "h:mm tt")} {Abbreviation(instant)}";

    /// <summary>3:15 PM, where the zone is said elsewhere.</summary>
    public string BareTime(DateTimeOffset instant) => Format(instant, "h:mm tt");

    /// <summary>Nov 24; of another year Nov 24, 2027.</summary>
    public string BareDate(DateTimeOffset instant) => BareDate(DateOf(instant));

    /// <summary>Nov 24; of another year Nov 24, 2027.</summary>
    public string BareDate(DateOnly day) => In(day.ToDateTime(TimeOnly.MinValue), day.Year == _thisYear ? "MMM d" : "MMM d, yyyy", Say);

    /// <summary>Nov 24, 3:15 PM PST; of another year Nov 24, 2027, 3:15 PM PST.</summary>
    public string DateAndTime(DateTimeOffset instant) =>
        $"{Format(instant, DateOf(instant).Year == _thisYear ? "MMM d, h:mm tt" : "MMM d, yyyy, h:mm tt")} {Abbreviation(instant)}";

    /// <summary>Dec 3, 10:00 AM PST to 12:00 PM PST (Dec 3, 18:00 UTC to Dec 3, 20:00 UTC)</summary>
    public string Window(DateTimeOffset from, DateTimeOffset until) =>
        Say["{0} to {1}", DateAndTime(from), Near(until, from)] + $" ({InUtc(from, until)})";

    /// <summary>Dec 3, 18:00 UTC to Dec 3, 20:00 UTC</summary>
    public string InUtc(DateTimeOffset from, DateTimeOffset until) => Say["{0} to {1}", Utc(from), Utc(until)];

    /// <summary>Nov 24, 23:15 UTC; of another year than the zone's own Nov 24, 2027, 23:15 UTC.</summary>
    public string Utc(DateTimeOffset instant) =>
        In(instant.UtcDateTime, instant.UtcDateTime.Year == _thisYear ? "MMM d, HH:mm 'UTC'" : "MMM d, yyyy, HH:mm 'UTC'", Say);

    /// <summary>November 24, 2026</summary>
    public string Day(DateTimeOffset instant) => Format(instant, "MMMM d, yyyy");

    public static string Day(DateOnly day) => day.ToString("MMM d, yyyy", CultureInfo.InvariantCulture);

    /// <summary>Nov 24, 2026</summary>
    public string Date(DateOnly day) => In(day.ToDateTime(TimeOnly.MinValue), "MMM d, yyyy", Say);

    /// <summary>November 2026</summary>
    public string Month(DateOnly day) => In(day.ToDateTime(TimeOnly.MinValue), "MMMM yyyy", Say);

    /// <summary>2 h 15 min</summary>
    public string Lasting(TimeSpan span) => Duration(span, Say);

    /// <summary>99.98; rounded down, so that only 100 per cent is shown as 100.</summary>
    public static string Percent(double percent, Words say) =>
        percent >= 100 ? "100" : ((double)Math.Floor((decimal)percent * 100) / 100).ToString("0.00", say.Culture);

    public DateOnly DateOf(DateTimeOffset instant) => _zone.DateOf(instant);

    /// <summary>The time alone when both fall on one day, else with the date.</summary>
    public string Near(DateTimeOffset instant, DateTimeOffset other) => DateOf(instant) == DateOf(other) ? Time(instant) : DateAndTime(instant);

    /// <summary>Reads what a datetime-local field holds; false when it is no time, or one that nobody can mean.</summary>
    public bool TryReadLocal(string? field, out DateTimeOffset instant)
    {
        var read =
            DateTime.TryParseExact(
                field,
                ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"],
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var local
            )
            && Instants.Clamp(local) == local;
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
        if (local is not { } wall)
            return [];
        var map = _zone.Rules.MapLocal(LocalDateTime.FromDateTime(wall));
        return map.Count switch
        {
            0 => [],
            1 => [map.Single().ToDateTimeOffset().ToUniversalTime()],
            _ => [map.First().ToDateTimeOffset().ToUniversalTime(), map.Last().ToDateTimeOffset().ToUniversalTime()],
        };
    }

    /// <summary>A time that clocks skip is moved forward, one that comes twice means the first.</summary>
    public DateTimeOffset FromLocal(DateTime local) =>
        LocalDateTime
            .FromDateTime(Instants.Clamp(local))
            .InZone(_zone.Rules, Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnForwardShifted))
            .ToDateTimeOffset()
            .ToUniversalTime();

    /// <summary>When a day begins.</summary>
    public DateTimeOffset StartOf(DateOnly day) => _zone.StartOf(day);

    public DateTime ToLocal(DateTimeOffset instant) => In(instant).ToDateTimeUnspecified();

    /// <summary>The value of a datetime-local field.</summary>
    public string Field(DateTimeOffset instant) => ToLocal(instant).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The form of the datetime attribute: 2026-11-24T23:15:00Z</summary>
    public static string Machine(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>2 h 15 min</summary>
    public static string Duration(TimeSpan span, Words? words = null)
    {
        var say = words ?? Words.English;
        return span switch
        {
            { TotalMinutes: < 1 } => say["under a minute"],
            { TotalHours: < 1 } => say["{0} min", span.Minutes],
            { TotalDays: < 1 } => span.Minutes == 0 ? say["{0} h", span.Hours] : $"{say["{0} h", span.Hours]} {say["{0} min", span.Minutes]}",
            _ => span.Hours == 0 ? say["{0} d", (int)span.TotalDays] : $"{say["{0} d", (int)span.TotalDays]} {say["{0} h", span.Hours]}",
        };
    }

    /// <summary>30 minutes, 2 hours, 1 hour 30 minutes</summary>
    public static string InWords(TimeSpan span, Words? words = null)
    {
        var say = words ?? Words.English;
        var minutes = (int)Math.Round(span.TotalMinutes);
        var (hours, rest) = (minutes / 60, minutes % 60);
        return (hours, rest) switch
        {
            (0, _) => Minutes(rest),
            (>= 48, _) => say.Count(hours / 24, "1 day", "{0} days"),
            (_, 0) => Hours(hours),
            _ => $"{Hours(hours)} {Minutes(rest)}",
        };

        string Hours(int number) => say.Count(number, "1 hour", "{0} hours");

        string Minutes(int number) => say.Count(number, "1 minute", "{0} minutes");
    }

    private string Format(DateTimeOffset instant, string pattern) => In(In(instant).ToDateTimeUnspecified(), pattern, Say);

    private static string In(DateTime local, string pattern, Words say) => local.ToString(say[pattern], say.Culture);

    private ZonedDateTime In(DateTimeOffset instant) => Instant.FromDateTimeOffset(instant).InZone(_zone.Rules);

    /// <summary>PST, CET; zones without letters show their offset: UTC+03.</summary>
    public string Abbreviation(DateTimeOffset instant)
    {
        var name = _zone.Rules.GetZoneInterval(Instant.FromDateTimeOffset(instant)).Name;
        if (name.Length > 0 && char.IsLetter(name[0]))
            return name;
        return name.Length == 5 ? $"UTC{name[..3]}:{name[3..]}" : $"UTC{name}";
    }
}
