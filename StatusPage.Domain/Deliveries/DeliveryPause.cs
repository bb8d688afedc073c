namespace StatusPage.Domain.Deliveries;

/// <summary>That nothing is sent from this store until a person says so: it was restored from a backup, and what waits in it may be sent already. There is one, or none.</summary>
public sealed class DeliveryPause
{
    public int Id { get; init; } = 1;

    /// <summary>When it was restored.</summary>
    public DateTimeOffset Since { get; init; }
}
