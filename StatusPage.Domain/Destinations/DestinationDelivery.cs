namespace StatusPage.Domain.Destinations;

/// <summary>A webhook of a destination that was accepted, kept for a while so that it counts once.</summary>
public sealed class DestinationDelivery
{
    public const int MaxName = 100;

    private DestinationDelivery() { }

    public DestinationDelivery(DestinationId destination, string name, DateTimeOffset now) => (DestinationId, Name, ReceivedAt) = (destination, name, now);

    public long Id { get; private init; }
    public DestinationId DestinationId { get; private init; }

    /// <summary>The sender's own name of the delivery, unique for the destination.</summary>
    public string Name { get; private init; } = "";
    public DateTimeOffset ReceivedAt { get; private init; }
}
