using NodaTime;
using NodaTime.TimeZones;
using StatusPage.Domain;
using StatusPage.Domain.Pages;

namespace StatusPage.Web.Shared;

/// <summary>All zones, from the one database that NodaTime brings. It alone answers every question of days and hours.</summary>
public static class Zones
{
    /// <summary>Null: no zone has that name.</summary>
    public static Zone? Find(string? name) => name is not null && DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is { } rules ? new(name, rules) : null;

    /// <summary>The zone of a name in the store. A name that the database no longer has is read as UTC.</summary>
    public static Zone Of(string name) => Find(name) ?? new(name, DateTimeZone.Utc);

    /// <summary>The zone of a name that somebody typed.</summary>
    /// <exception cref="RuleViolation">It names no place.</exception>
    public static Zone Checked(string? name) =>
        (name == "UTC" || name?.Contains('/', StringComparison.Ordinal) == true) && Find(name) is { } zone
            ? zone
            : throw new RuleViolation(
                $"'{name}' is not a known time zone. Use an IANA name such as America/Los_Angeles or Etc/UTC.",
                nameof(Page.TimeZone)
            );

    /// <summary>The names of zones that are named after a place.</summary>
    public static IEnumerable<string> Names => DateTimeZoneProviders.Tzdb.Ids.Where(id => id.Contains('/', StringComparison.Ordinal));
}

/// <param name="Rules">When its clocks show which time.</param>
public sealed record Zone(string Name, DateTimeZone Rules) : IZone
{
    public DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(Instant.FromDateTimeOffset(instant).InZone(Rules).ToDateTimeUnspecified());

    public DateTimeOffset StartOf(DateOnly day) =>
        LocalDateTime
            .FromDateTime(Instants.Clamp(day.ToDateTime(TimeOnly.MinValue)))
            .InZone(Rules, Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter))
            .ToDateTimeOffset()
            .ToUniversalTime();
}
