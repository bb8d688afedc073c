using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using StatusPage.Web.Channels;

namespace StatusPage.Web.StatusApi;

/// <summary>
/// How the shapes are written: snake case, every field, times in UTC. Generated when the program is built, so that a start does not wait for it.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(SummaryAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(ComponentsAnswer))]
[JsonSerializable(typeof(IncidentsAnswer))]
[JsonSerializable(typeof(MaintenancesAnswer))]
[JsonSerializable(typeof(IReadOnlyList<ManagedIncident>))]
[JsonSerializable(typeof(IReadOnlyList<ManagedComponent>))]
[JsonSerializable(typeof(IReadOnlyList<ManagedPage>))]
[JsonSerializable(typeof(IReadOnlyList<GroupShape>))]
[JsonSerializable(typeof(IReadOnlyList<TemplateShape>))]
[JsonSerializable(typeof(IReadOnlyList<DraftShape>))]
[JsonSerializable(typeof(PublishedForGroup))]
[JsonSerializable(typeof(IReadOnlyList<SubscriberShape>))]
[JsonSerializable(typeof(IReadOnlyList<MetricShape>))]
[JsonSerializable(typeof(UptimeShape))]
[JsonSerializable(typeof(PostmortemShape))]
[JsonSerializable(typeof(IReadOnlyList<ActionItemShape>))]
[JsonSerializable(typeof(TypesShape<int>))]
[JsonSerializable(typeof(TypesShape<CountsShape>))]
[JsonSerializable(typeof(MetricValueAnswer))]
[JsonSerializable(typeof(NothingShape))]
[JsonSerializable(typeof(SentShape))]
[JsonSerializable(typeof(ErrorShape))]
[JsonSerializable(typeof(HistoryAnswer))]
[JsonSerializable(typeof(IncidentDocument))]
[JsonSerializable(typeof(MaintenanceDocument))]
[JsonSerializable(typeof(WebhookOfIncident))]
[JsonSerializable(typeof(WebhookOfComponent))]
public sealed partial class StatusJson : JsonSerializerContext
{
    private static StatusJson? _plain;

    /// <summary>Without escapes that only HTML needs. It is a property, as it is made of <see cref="Default"/>, which must be there first.</summary>
    private static StatusJson Plain =>
        _plain ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static byte[] Write<T>(T shape) =>
        JsonSerializer.SerializeToUtf8Bytes(
            shape,
            (JsonTypeInfo<T>)(Plain.GetTypeInfo(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T)} is not named in {nameof(StatusJson)}."))
        );
}
