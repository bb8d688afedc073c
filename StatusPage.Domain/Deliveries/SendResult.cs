namespace StatusPage.Domain.Deliveries;

/// <summary>What became of one attempt. A foreseen failure is a value, not an exception.</summary>
public abstract record SendResult
{
    private SendResult() { }

    /// <summary>The other side took it.</summary>
    /// <param name="RemoteId">What it is called there, where later updates have to know.</param>
    public sealed record Sent(string? RemoteId = null) : SendResult;

    /// <summary>It may work later.</summary>
    /// <param name="Reason">For the comms desk; holds no address and no secret.</param>
    /// <param name="NotBefore">When the other side wants to hear of it again; null leaves that to the schedule.</param>
    public sealed record TryAgain(string Reason, DateTimeOffset? NotBefore = null) : SendResult;

    /// <summary>It was not tried, since it is not its turn yet; that is no attempt.</summary>
    public sealed record Postpone(DateTimeOffset Until, string Reason) : SendResult;

    /// <summary>It will never work.</summary>
    /// <param name="EndsSubscription">True when nothing sent there will ever arrive.</param>
    public sealed record GiveUp(string Reason, bool EndsSubscription = false) : SendResult;

    /// <summary>It must not be sent.</summary>
    public sealed record Suppress(string Reason) : SendResult;

    public static readonly Sent Ok = new();
}
