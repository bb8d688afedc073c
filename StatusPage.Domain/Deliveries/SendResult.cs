namespace StatusPage.Domain.Deliveries;

/// <summary>
/// What became of one attempt. A foreseen failure is a value, not an exception. A reason is for the comms desk: it holds no address and no secret, fits into its column
/// and can be shown, whatever the other side sent.
/// </summary>
public abstract record SendResult
{
    /// <summary>Characters of a reason that are kept.</summary>
    public const int MaxReason = 500;

    /// <summary>Characters of what the other side calls a delivery.</summary>
    public const int MaxRemoteId = 300;

    private SendResult() { }

    /// <summary>The other side took it.</summary>
    public sealed record Sent : SendResult
    {
        /// <param name="remoteId">What it is called there, where later updates have to know. One that cannot be kept whole is none.</param>
        public Sent(string? remoteId = null) =>
            RemoteId = remoteId is { Length: <= MaxRemoteId } && Text.Shown(remoteId, "") == remoteId ? remoteId : null;

        public string? RemoteId { get; }

        /// <summary>Why nobody has received it, though all was done that there was to do; null: the other side took it.</summary>
        public string? Instead { get; init; }
    }

    /// <summary>It may work later.</summary>
    /// <param name="NotBefore">When the other side wants to hear of it again; null leaves that to the schedule.</param>
    public sealed record TryAgain(string Reason, DateTimeOffset? NotBefore = null) : SendResult
    {
        public string Reason { get; init; } = Clean(Reason);
    }

    /// <summary>Nothing was asked of the other side, as the message could not be made. It may work later, and is nobody's fault but ours: it ends no subscription.</summary>
    public sealed record OurFault(string Reason) : SendResult
    {
        public string Reason { get; init; } = Clean(Reason);
    }

    /// <summary>It was not tried, since it is not its turn yet; that is no attempt.</summary>
    public sealed record Postpone(DateTimeOffset Until, string Reason) : SendResult
    {
        public string Reason { get; init; } = Clean(Reason);
    }

    /// <summary>It will never work.</summary>
    /// <param name="EndsSubscription">True when nothing sent there will ever arrive, as the other side says.</param>
    public sealed record GiveUp(string Reason, bool EndsSubscription = false) : SendResult
    {
        public string Reason { get; init; } = Clean(Reason);
    }

    /// <summary>It must not be sent.</summary>
    public sealed record Suppress(string Reason) : SendResult
    {
        public string Reason { get; init; } = Clean(Reason);
    }

    public static readonly Sent Ok = new();

    private static string Clean(string reason) => Text.Cut(Text.Shown(reason), MaxReason);
}
