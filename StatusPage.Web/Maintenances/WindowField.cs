using System.Globalization;
using StatusPage.Domain;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Maintenances;

/// <summary>A time that is typed by the clock on the wall in the page's zone, where clocks may be set meanwhile.</summary>
public sealed record WindowField(string Name, string? Text, string? Choice, ZoneClock Clock)
{
    public const string Second = "second";
    private const string First = "first";
    private const string Format = "yyyy-MM-dd'T'HH:mm";

    private IReadOnlyList<DateTimeOffset> Meanings => Clock.Meanings(Text, out _);

    /// <summary>The two instants that an hour means when clocks are set back in it; empty when it is clear.</summary>
    public IReadOnlyList<DateTimeOffset> Both => Meanings is { Count: 2 } both ? both : [];

    /// <summary>What it means by now; null while that is not clear.</summary>
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

    /// <exception cref="RuleViolation">It is no time, one that clocks skip, or one that comes twice and nobody chose.</exception>
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

    /// <summary>What was typed, but the instant that was there before where that is the same minute: the field shows no seconds.</summary>
    public DateTimeOffset Near(DateTimeOffset before) => Read() is var read && before >= read && before - read < TimeSpan.FromMinutes(1) ? before : read;
}
