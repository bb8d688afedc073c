using System.Text;
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
/// A webhook's body in Statuspage's format, key for key, with our own keys added. It is made once for all receivers: each receiver's unsubscribe link has
/// the same length and is written over a placeholder.
/// </summary>
public sealed class WebhookPayload
{
    // As long as every token, and contained in no text that anybody writes.
    private static readonly string Mark = string.Concat(Enumerable.Repeat("~unsubscribe~", SignedLink.TokenLength))[..SignedLink.TokenLength];

    private readonly byte[] _bytes;
    private readonly int _place;

    private WebhookPayload(byte[] bytes, int place) => (_bytes, _place) = (bytes, place);

    public byte[] For(SubscriberId subscriber, byte[] linkKey)
    {
        byte[] body = [.. _bytes];
        Encoding.ASCII.GetBytes(SignedLink.TokenFor(SignedLinkPurpose.Unsubscribe, subscriber, linkKey), body.AsSpan(_place));
        return body;
    }

    public static WebhookPayload OfUpdate(StatusSnapshot snapshot, Incident incident, IncidentUpdate update, PublicAddress address, DateTimeOffset now)
    {
        // The incident as it stood with this update, the newest that the receiver hears of, though the page may already show a later one.
        var view = IncidentView.Of(incident) ?? throw new InvalidOperationException($"The public was not told of {incident.Id}.");
        view = view with
        {
            // A postmortem is none of its updates, and the newest of all.
            Updates =
                update.Phase == Phase.Postmortem ? [UpdateView.Of(update), .. view.Updates] : [.. view.Updates.SkipWhile(other => other.Id != update.Id)],
            Severity = snapshot.ShowsSeverity ? view.Severity : null,
            Phase = update.Phase,
            UpdatedAt = update.PostedAt,
            ResolvedAt =
                update.Phase == Phase.Postmortem ? view.ResolvedAt
                : update.Phase.IsOver() ? update.PostedAt
                : null,
        };
        return Write(new WebhookOfIncident(MetaOf(address, now), PageOf(snapshot), new ShapeMaker(snapshot, address).Managed(view)));
    }

    /// <summary>In Statuspage's webhooks a maintenance is an incident with a window.</summary>
    public static WebhookPayload OfMaintenance(StatusSnapshot snapshot, MaintenanceTold told, PublicAddress address, DateTimeOffset now)
    {
        // The maintenance as it stood then, which is the newest that the receiver hears of.
        var view = MaintenanceView.Of(told.Maintenance, told.Series, told.At);
        return Write(
            new WebhookOfIncident(
                MetaOf(address, now),
                PageOf(snapshot),
                new ShapeMaker(snapshot, address).Managed(view with { Phase = told.Phase }, told.Maintenance, told)
            )
        );
    }

    public static WebhookPayload OfComponent(
        StatusSnapshot snapshot,
        ComponentView component,
        Announcement announcement,
        PublicAddress address,
        DateTimeOffset now
    ) =>
        Write(
            new WebhookOfComponent(
                MetaOf(address, now),
                PageOf(snapshot),
                new(
                    announcement.OldStatus!.Value.Code(),
                    announcement.NewStatus!.Value.Code(),
                    announcement.CreatedAt,
                    "Component",
                    announcement.Id.Value,
                    component.Id.Value
                ),
                new ShapeMaker(snapshot, address).Component(component)
            )
        );

    private static WebhookMeta MetaOf(PublicAddress address, DateTimeOffset now) =>
        new(address.Of(SignedLink.PathOf(SignedLinkPurpose.Unsubscribe)) + Mark, address.Of("/subscribe"), now);

    private static WebhookPage PageOf(StatusSnapshot snapshot) => new(snapshot.PageId.Value, Headline.Indicator(snapshot), Headline.Description(snapshot));

    private static WebhookPayload Write<T>(T webhook)
    {
        var bytes = StatusJson.Write(webhook);
        return new(bytes, bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Mark)));
    }
}

/// <param name="Unsubscribe">The link that ends the receiver's subscription.</param>
public sealed record WebhookMeta(string Unsubscribe, string Documentation, DateTimeOffset GeneratedAt) : Shape;

public sealed record WebhookPage(string Id, string StatusIndicator, string StatusDescription) : Shape;

public sealed record WebhookOfIncident(WebhookMeta Meta, WebhookPage Page, ManagedIncident Incident) : Shape;

public sealed record ComponentChange(string OldStatus, string NewStatus, DateTimeOffset CreatedAt, string ComponentType, string Id, string ComponentId)
    : Shape;

public sealed record WebhookOfComponent(WebhookMeta Meta, WebhookPage Page, ComponentChange ComponentUpdate, ComponentShape Component) : Shape;
