using StatusPage.Domain.Channels;

namespace StatusPage.Domain.Deliveries;

public enum DeliveryState
{
    /// <summary>Waiting for its turn or its next attempt.</summary>
    Queued = 0,

    /// <summary>In the hands of a worker until its lease ends.</summary>
    Sending = 1,

    /// <summary>The other side took it.</summary>
    Sent = 2,

    /// <summary>Given up.</summary>
    Failed = 3,

    /// <summary>Not sent on purpose: the subscription had ended, or what it told of was taken back.</summary>
    Suppressed = 4,
}

public static class DeliveryStates
{
    public static string Label(this DeliveryState state) =>
        state switch
        {
            DeliveryState.Queued => "Queued",
            DeliveryState.Sending => "Sending",
            DeliveryState.Sent => "Sent",
            DeliveryState.Failed => "Failed",
            _ => "Suppressed",
        };
}

/// <summary>One row of the ledger: one announcement to one recipient through one channel.</summary>
public sealed class Delivery
{
    public long Id { get; init; }
    public AnnouncementId AnnouncementId { get; init; }
    public RecipientId RecipientId { get; init; }
    public Channel Channel { get; init; }
    public DeliveryState State { get; init; }
    public int Attempts { get; init; }

    /// <summary>Attempts in which the message could not be made, so that nothing was asked of the other side.</summary>
    public int OurFaults { get; init; }

    /// <summary>Not before this instant; while sending, the end of the lease.</summary>
    public DateTimeOffset NextAttemptAt { get; init; }
    public string? LeasedBy { get; init; }
    public string? LastError { get; init; }

    /// <summary>The other side's name for it, such as the id of a post; later updates reply to it there.</summary>
    public string? RemoteId { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
}
