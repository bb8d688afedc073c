using System.Globalization;
using StatusPage.Domain;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Maintenances;

/// <summary>A local time typed in the page's zone, where clocks may be set forward or back.</summary>
public sealed record WindowField(string Name, string? Text, string? Choice, ZoneClock Clock)
{
    public const string Second = "second";
    private const string First = "first";
    private const string Format = "yyyy-MM-dd'T'HH:mm";

    private IReadOnlyList<DateTimeOffset> Meanings => Clock.Meanings(Text, out _);

    /// <summary>The two instants of a time that comes twice because clocks are set back; empty when the time is unambiguous.</summary>
    public IReadOnlyList<DateTimeOffset> Both => Meanings is { Count: 2 } both ? both : [];

    /// <summary>The chosen instant; null while it is ambiguous.</summary>
    public DateTimeOffset? Instant =>
        Meanings switch
        {
            [var one] => one,
            [var first, var second] => Choice == Second ? second
            : Choice == First ? first
            : null,
            _ => null,
        };

    public static WindowField Of(string name, DateTimeOffset instant, ZoneClock clock)
    {
        var typed = clock.ToLocal(instant).ToString(Format, CultureInfo.InvariantCulture);
        var meanings = clock.Meanings(typed, out _);
        return new(
            name,
            typed,
            meanings is [_, var second]
                ? second == instant
                    ? Second
                    : First
                : null,
            clock
        );
    }

    /// <exception cref="RuleViolation">It is not a time, it is one that clocks skip, or it comes twice and nobody chose.</exception>
    public DateTimeOffset Read()
    {
        var meanings = Clock.Meanings(Text, out var local);
        if (local is not { } wall)
            throw new RuleViolation("Enter a day and a time.", Name);
        var day = Clock.BareDate(DateOnly.FromDateTime(wall));
        if (meanings.Count == 0)
        {
            var moved = Clock.ToLocal(Clock.FromLocal(wall));
            throw new RuleViolation(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Clocks are set forward then, so there is no {wall:h:mm tt} on {day}. Choose an earlier time, or {moved:h:mm tt}."
                ),
                Name
            );
        }
        return Instant
            ?? throw new RuleViolation(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Clocks are set back then, so {wall:h:mm tt} comes twice on {day}. Choose below which one you mean."
                ),
                Name
            );
    }

    public DateTime Wall => Clock.ToLocal(Read());

    /// <summary>The typed time, or the earlier exact instant where that is within the same minute: the field shows no seconds.</summary>
    public DateTimeOffset Near(DateTimeOffset before) => Read() is var read && before >= read && before - read < TimeSpan.FromMinutes(1) ? before : read;
}
