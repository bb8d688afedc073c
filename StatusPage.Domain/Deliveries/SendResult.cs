namespace StatusPage.Domain.Deliveries;

/// <summary>What became of one attempt. A foreseen failure is a value, not an exception.</summary>
public abstract record SendResult
{
    private SendResult() { }

    /// <summary>The other side took it.</summary>
    public sealed record Sent : SendResult;

    /// <summary>It may work later.</summary>
    /// <param name="Reason">For the comms desk; holds no address and no secret.</param>
    public sealed record TryAgain(string Reason) : SendResult;

    /// <summary>It will never work.</summary>
    public sealed record GiveUp(string Reason) : SendResult;

    /// <summary>It must not be sent.</summary>
    public sealed record Suppress(string Reason) : SendResult;

    public static readonly Sent Ok = new();
}
