using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StatusPage.Domain.Components;
using StatusPage.Domain.Maintenances;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Maintenances;

/// <summary>
/// The state that a form was filled in against: a hash for each part of a maintenance, and the versions of the later windows. So the second of two people
/// who change it sees what is new.
/// </summary>
public static class SeenMaintenance
{
    /// <summary>The most characters of a text that are quoted.</summary>
    private const int Quoted = 200;

    /// <summary>The value of the form's hidden field.</summary>
    public static string Of(Maintenance maintenance) => string.Join('.', Sides(maintenance).Select(Mark));

    /// <summary>The same for the later windows, in a form about a series.</summary>
    public static string OfLater(IEnumerable<Maintenance> later) => string.Join(',', later.Select(Mark));

    /// <summary>What changed since the form was filled in, in words.</summary>
    public static string News(string? seen, Maintenance now, IReadOnlyList<Component> components, ZoneClock clock)
    {
        var marks = seen?.Split('.') ?? [];
        var sides = Sides(now).ToList();
        var news = Words(now, components, clock)
            .Where((words, side) => words.Length > 0 && (side >= marks.Length || marks[side] != Mark(sides[side])))
            .ToList();
        return news.Count == 0 ? "look below" : string.Join("; ", news);
    }

    /// <summary>The later windows that changed since the form was filled in. Windows created meanwhile do not count.</summary>
    public static IEnumerable<Maintenance> Changed(string? seen, IEnumerable<Maintenance> later)
    {
        var known = (seen ?? "").Split(',').ToHashSet(StringComparer.Ordinal);
        var occurrences = known.Select(mark => mark.Split(':')[0]).ToHashSet(StringComparer.Ordinal);
        return later.Where(window => Mark(window) is var mark && !known.Contains(mark) && occurrences.Contains(mark.Split(':')[0]));
    }

    private static IEnumerable<string> Sides(Maintenance maintenance) =>
        [
            maintenance.Title,
            maintenance.Body,
            $"{maintenance.ScheduledFor:O} {maintenance.ScheduledUntil:O}",
            string.Join(' ', maintenance.ComponentIds.Select(id => id.Value).Order(StringComparer.Ordinal)),
            maintenance.Conduct.ToString(),
            maintenance.Posts.Count.ToString(CultureInfo.InvariantCulture),
            $"{maintenance.CancelledAt:O}",
        ];

    /// <summary>In the order of the parts.</summary>
    private static IEnumerable<string> Words(Maintenance now, IReadOnlyList<Component> components, ZoneClock clock) =>
        [
            $"its title is now '{now.Title}'",
            $"customers now read '{Domain.Text.Cut(now.Body, Quoted)}'",
            $"it is now planned for {clock.Window(now.ScheduledFor, now.ScheduledUntil)}",
            components.Where(component => now.ComponentIds.Contains(component.Id)).Select(component => component.Name).ToList() is { Count: > 0 } names
                ? $"its components are now {string.Join(", ", names)}"
                : "it now has no components",
            "what starts or ends it, or who is told, is set another way",
            now.Posts.Count == 0 ? "" : $"{now.Posts[^1].Author} posted '{now.Posts[^1].Phase.Label()}': {Domain.Text.Cut(now.Posts[^1].Body, Quoted)}",
            now.CancelledAt is null ? "" : "it is cancelled",
        ];

    private static string Mark(Maintenance window) => string.Create(CultureInfo.InvariantCulture, $"{window.Occurrence}:{window.Version}");

    private static string Mark(string side) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(side)).AsSpan(0, 4));
}
