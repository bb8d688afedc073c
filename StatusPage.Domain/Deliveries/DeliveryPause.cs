namespace StatusPage.Domain.Deliveries;

/// <summary>
/// Stops all sending from this store until a person resumes it: the store was restored from a backup, and what waits in it may be sent already. At most
/// one row exists.
/// </summary>
public sealed class DeliveryPause
{
    public int Id { get; init; } = 1;

    /// <summary>When it was restored.</summary>
    public DateTimeOffset Since { get; init; }
}
