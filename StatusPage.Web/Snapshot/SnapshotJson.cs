using System.Text.Json;
using System.Text.Json.Serialization;
using StatusPage.Domain;
using StatusPage.Domain.Snapshot;

namespace StatusPage.Web.Snapshot;

/// <summary>The snapshot as JSON, for the disk and for other nodes.</summary>
public static class SnapshotJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        IgnoreReadOnlyProperties = true,
        // A snapshot that another version wrote and that lacks something counts as none: it must not be shown with a hole in it.
        RespectRequiredConstructorParameters = true,
        Converters =
        {
            new JsonStringEnumConverter(),
            new Id<PageId>(),
            new Id<ComponentId>(),
            new Id<ComponentGroupId>(),
            new Id<IncidentId>(),
            new Id<UpdateId>(),
            new Id<MaintenanceId>(),
            new Id<SeriesId>(),
            new Id<MetricId>(),
            new Id<AudienceId>(),
        },
    };

    public static byte[] Write(StatusSnapshot snapshot) => JsonSerializer.SerializeToUtf8Bytes(snapshot, Options);

    /// <summary>Writes it bit by bit, so that it never lies in memory as a whole.</summary>
    public static Task WriteAsync(Stream to, StatusSnapshot snapshot, CancellationToken cancel) =>
        JsonSerializer.SerializeAsync(to, snapshot, Options, cancel);

    public static StatusSnapshot? Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<StatusSnapshot>(json, Options);

    public static ValueTask<StatusSnapshot?> ReadAsync(Stream from, CancellationToken cancel) =>
        JsonSerializer.DeserializeAsync<StatusSnapshot>(from, Options, cancel);

    private sealed class Id<T> : JsonConverter<T>
        where T : struct, IPublicId<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => T.Of(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}
