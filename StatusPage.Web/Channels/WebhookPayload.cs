using System.Buffers;
using System.Text;
using System.Text.Json;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;
using StatusPage.Web.Maintenances;
using StatusPage.Web.StatusApi;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Web.Channels;

/// <summary>
/// A webhook's body in Statuspage's shape, key for key, with our own keys added. Made once for all receivers: the link by which
/// each of them ends its subscription has the same length for everybody and is written over a mark.
/// </summary>
public sealed class WebhookPayload
{
    // As long as every token, and nowhere else in any text.
    private static readonly string Mark = "\u0001" + new string('x', SignedLink.TokenLength - 2) + "\u0001";

    private readonly byte[] _bytes;
    private readonly int _place;

    private WebhookPayload(byte[] bytes, int place) => (_bytes, _place) = (bytes, place);

    public byte[] For(SubscriberId subscriber, byte[] linkKey)
    {
        byte[] body = [.. _bytes];
        Encoding.ASCII.GetBytes(SignedLink.TokenFor(LinkPurpose.Unsubscribe, subscriber, linkKey), body.AsSpan(_place));
        return body;
    }

    public static WebhookPayload OfUpdate(StatusSnapshot snapshot, Incident incident, IncidentUpdate update, PublicAddress address, DateTimeOffset now)
    {
        // As it stood with this update: it is the newest that the receiver hears of, though another may be on the page by now.
        var view = IncidentView.Of(incident) ?? throw new InvalidOperationException($"The public was not told of {incident.Id}.");
        view = view with
        {
            Updates = [.. view.Updates.SkipWhile(other => other.Id != update.Id)],
            Severity = snapshot.ShowsSeverity ? view.Severity : null,
            Phase = update.Phase,
            UpdatedAt = update.PostedAt,
            ResolvedAt = update.Phase.IsOver() ? update.PostedAt : null,
        };
        return Write(snapshot, address, now, json =>
        {
            json.WritePropertyName("incident");
            JsonShapes.Incident(json, view, snapshot, address, forWebhook: true);
        });
    }

    /// <summary>In Statuspage's webhooks a maintenance is an incident with a window.</summary>
    public static WebhookPayload OfMaintenance(StatusSnapshot snapshot, MaintenanceTold told, PublicAddress address, DateTimeOffset now)
    {
        // As it stood then: it is the newest that the receiver hears of.
        var view = MaintenanceView.Of(told.Maintenance, told.Series, told.At);
        return Write(snapshot, address, now, json =>
        {
            json.WritePropertyName("incident");
            JsonShapes.Maintenance(json, view with { Phase = told.Phase }, snapshot, address, told);
        });
    }

    public static WebhookPayload OfComponent(StatusSnapshot snapshot, ComponentView component, Announcement announcement, PublicAddress address, DateTimeOffset now) =>
        Write(snapshot, address, now, json =>
        {
            json.WriteStartObject("component_update");
            json.WriteString("old_status", announcement.OldStatus!.Value.Code());
            json.WriteString("new_status", announcement.NewStatus!.Value.Code());
            json.WriteInstant("created_at", announcement.CreatedAt);
            json.WriteString("component_type", "Component");
            json.WriteString("id", announcement.Id.Value);
            json.WriteString("component_id", component.Id.Value);
            json.WriteEndObject();
            json.WritePropertyName("component");
            JsonShapes.Component(json, component, snapshot.PageId);
        });

    private static WebhookPayload Write(StatusSnapshot snapshot, PublicAddress address, DateTimeOffset now, Action<Utf8JsonWriter> content)
    {
        var bytes = new ArrayBufferWriter<byte>();
        int place;
        using (var json = new Utf8JsonWriter(bytes, JsonShapes.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteStartObject("meta");
            // The mark goes in as it is, which an ordinary text could not.
            var link = address.Of(SignedLink.PathOf(LinkPurpose.Unsubscribe));
            json.WritePropertyName("unsubscribe");
            json.WriteRawValue($"\"{JsonEncodedText.Encode(link, JsonShapes.WriterOptions.Encoder)}{Mark}\"", skipInputValidation: true);
            json.WriteString("documentation", address.Of("/subscribe"));
            json.WriteInstant("generated_at", now);
            json.WriteEndObject();
            json.WriteStartObject("page");
            json.WriteString("id", snapshot.PageId.Value);
            json.WriteString("status_indicator", Headline.Indicator(snapshot));
            json.WriteString("status_description", Headline.Description(snapshot));
            json.WriteEndObject();
            content(json);
            json.WriteEndObject();
        }
        place = bytes.WrittenSpan.IndexOf(Encoding.ASCII.GetBytes(Mark));
        return new(bytes.WrittenSpan.ToArray(), place);
    }
}
