namespace StatusPage.Domain.Deliveries;

/// <summary>
/// The outcome of one attempt. A foreseen failure is a value, not an exception. The comms desk shows the reason: it holds no address and no secret, fits
/// into its column and can be displayed, whatever the other side sent.
/// </summary>
public abstract record SendResult
{
    /// <summary>Characters of a reason that are kept.</summary>
    public const int MaxReason = 500;

    /// <summary>Characters of the other side's name for a delivery.</summary>
    public const int MaxRemoteId = 300;

    private SendResult() { }

    /// <summary>The other side took it.</summary>
    public sealed record Sent : SendResult
    {
        /// <param name="remoteId">The other side's id for it, if later updates need it. An id that cannot be kept whole is dropped.</param>
        public Sent(string? remoteId = null) =>
            RemoteId = remoteId is { Length: <= MaxRemoteId } && Text.Shown(remoteId, "") == remoteId ? remoteId : null;

        public string? RemoteId { get; }

        /// <summary>Why nobody has received it, although everything was done; null: the other side took it.</summary>
        public string? Instead { get; init; }
    }

    /// <summary>Nothing arrived, and why.</summary>
    public abstract record NotSent : SendResult
    {
        private protected NotSent(string reason) => Reason = reason;

        public string Reason
        {
            get;
            init => field = Text.Cut(Text.Shown(value), MaxReason);
        }
    }

    /// <summary>It may work later.</summary>
    /// <param name="NotBefore">When the other side wants to be asked again; null leaves that to the schedule.</param>
    public sealed record TryAgain(string Reason, DateTimeOffset? NotBefore = null) : NotSent(Reason);

    /// <summary>
    /// The message could not be made, so nothing was asked of the other side. It may work later. The fault is ours, so it ends no subscription.
    /// </summary>
    public sealed record OurFault(string Reason) : NotSent(Reason);

    /// <summary>It was not tried, since it is not its turn yet; that does not count as an attempt.</summary>
    public sealed record Postpone(DateTimeOffset Until, string Reason) : NotSent(Reason);

    /// <summary>It will never work.</summary>
    /// <param name="EndsSubscription">True when the other side says that nothing sent there will ever arrive.</param>
    public sealed record GiveUp(string Reason, bool EndsSubscription = false) : NotSent(Reason);

    /// <summary>It must not be sent.</summary>
    public sealed record Suppress(string Reason) : NotSent(Reason);

    public static readonly Sent Ok = new();
}
