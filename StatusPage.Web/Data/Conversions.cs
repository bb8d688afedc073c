using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Snapshot;

namespace StatusPage.Web.Data;

/// <summary>How domain values are stored in columns, the same in both stores.</summary>
internal static class Conversions
{
    /// <summary>
    /// UTC milliseconds since 1970: EF on SQLite can neither order nor compare a DateTimeOffset. Values from before there were bounds are clamped to them.
    /// </summary>
    public sealed class Instant() : ValueConverter<DateTimeOffset, long>(instant => instant.ToUnixTimeMilliseconds(), value => Read(value))
    {
        private static DateTimeOffset Read(long value) =>
            DateTimeOffset.FromUnixTimeMilliseconds(
                Math.Clamp(value, Instants.Earliest.ToUnixTimeMilliseconds(), Instants.Latest.ToUnixTimeMilliseconds())
            );
    }

    public sealed class Minutes() : ValueConverter<TimeSpan, int>(span => (int)span.TotalMinutes, minutes => TimeSpan.FromMinutes(minutes));

    public sealed class Seconds() : ValueConverter<TimeSpan, int>(span => (int)span.TotalSeconds, seconds => TimeSpan.FromSeconds(seconds));

    public sealed class WallTime()
        : ValueConverter<DateTime, string>(
            time => time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
            text => DateTime.ParseExact(text, "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)
        );

    public sealed class PublicId<T>() : ValueConverter<T, string>(id => id.Value, value => Make(value))
        where T : struct, IPublicId<T>
    {
        private static T Make(string value) => T.Of(value);
    }

    /// <summary>" id id ": each id has a space on either side, so that LIKE '% id %' finds it in either store.</summary>
    public sealed class IdList<T>() : ValueConverter<IReadOnlyList<T>, string>(ids => Join(ids), text => Split(text))
        where T : struct, IPublicId<T>
    {
        private static string Join(IReadOnlyList<T> ids) => ids.Count == 0 ? "" : $" {string.Join(' ', ids)} ";

        private static IReadOnlyList<T> Split(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(T.Of)];
    }

    public sealed class IdListComparer<T>()
        : ValueComparer<IReadOnlyList<T>>(
            (a, b) => a!.SequenceEqual(b!),
            ids => ids.Aggregate(0, (hash, id) => HashCode.Combine(hash, id)),
            ids => ids.ToArray()
        );

    /// <summary>A list of small records as JSON.</summary>
    public sealed class List<T>() : ValueConverter<IReadOnlyList<T>, string>(list => Write(list), text => Read(text))
    {
        private static string Write(IReadOnlyList<T> list) => list.Count == 0 ? "" : JsonSerializer.Serialize(list, SnapshotJson.Options);

        private static T[] Read(string text) => text.Length == 0 ? [] : JsonSerializer.Deserialize<T[]>(text, SnapshotJson.Options)!;
    }

    public sealed class ListComparer<T>()
        : ValueComparer<IReadOnlyList<T>>(
            (a, b) => a!.SequenceEqual(b!),
            list => list.Aggregate(0, (hash, item) => HashCode.Combine(hash, item)),
            list => list
        );

    public sealed class Channels() : ValueConverter<ChannelSet, int>(set => set.Bits, bits => new ChannelSet(bits));

    public sealed class Affected() : ValueConverter<IReadOnlyList<AffectedComponent>, string>(list => Write(list), text => Read(text))
    {
        private static string Write(IReadOnlyList<AffectedComponent> list) =>
            JsonSerializer.Serialize(list.Select(c => new Row(c.ComponentId.Value, c.Name, c.OldStatus.Code(), c.NewStatus.Code(), c.SaysState)));

        private static IReadOnlyList<AffectedComponent> Read(string text) =>
            [
                .. JsonSerializer
                    .Deserialize<Row[]>(text)!
                    .Select(row => new AffectedComponent(
                        ComponentId.Of(row.Id),
                        row.Name,
                        ComponentStatuses.Parse(row.Old)!.Value,
                        ComponentStatuses.Parse(row.New)!.Value,
                        row.Says
                    )),
            ];

        /// <param name="Says">Rows from before this was stored count as saying a state.</param>
        private sealed record Row(string Id, string Name, string Old, string New, bool Says = true);
    }

    public sealed class AffectedComparer()
        : ValueComparer<IReadOnlyList<AffectedComponent>>(
            (a, b) => a!.SequenceEqual(b!),
            list => list.Aggregate(0, (hash, c) => HashCode.Combine(hash, c)),
            list => list
        );
}
