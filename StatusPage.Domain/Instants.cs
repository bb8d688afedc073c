using System.Globalization;

namespace StatusPage.Domain;

/// <summary>
/// The range of instants that the program works with. Everything that comes from outside is checked against it, so that adding a zone, a day or a reminder
/// never leaves the calendar. A stored instant outside of the range is read as the nearer bound.
/// </summary>
public static class Instants
{
    public static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What an instant must be, for messages.</summary>
    public static readonly Sentence Range = $"between {Earliest.Year} and {Latest.Year}";

    public static bool Contain(DateTimeOffset instant) => instant >= Earliest && instant <= Latest;

    /// <exception cref="RuleViolation">It lies outside.</exception>
    /// <param name="what">"The start"</param>
    public static DateTimeOffset Checked(DateTimeOffset instant, string field, Sentence what) =>
        Contain(instant) ? instant : throw new RuleViolation($"{what} must lie {Range}.", field);

    /// <summary>Reads a day as forms and programs write it, 2026-11-24; null when the text is no day, or the day lies outside.</summary>
    public static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && Clamp(day) == day ? day : null;

    public static DateTimeOffset Clamp(DateTimeOffset instant) =>
        instant < Earliest ? Earliest
        : instant > Latest ? Latest
        : instant;

    /// <summary>The same for a local time.</summary>
    public static DateTime Clamp(DateTime local) =>
        local < Earliest.DateTime ? Earliest.DateTime
        : local > Latest.DateTime ? Latest.DateTime
        : local;

    /// <summary>The same for a day.</summary>
    public static DateOnly Clamp(DateOnly day) => DateOnly.FromDateTime(Clamp(day.ToDateTime(TimeOnly.MinValue)));
}
