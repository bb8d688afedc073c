using StatusPage.Domain.Channels;

namespace StatusPage.Domain.Deliveries;

/// <summary>How many deliveries of an announcement ended in one way. Replaces the single deliveries once they are too old to be kept.</summary>
public sealed class DeliveryTotal
{
    public AnnouncementId AnnouncementId { get; init; }
    public Channel Channel { get; init; }
    public DeliveryState State { get; init; }
    public int Count { get; init; }
}
