using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;

namespace StatusPage.Web.Deliveries;

/// <summary>Sends claimed rows of one channel.</summary>
public interface IChannelSender
{
    Channel Channel { get; }

    /// <summary>Deliveries under way at once, on this node.</summary>
    int AtOnce { get; }

    /// <summary>When the other side, which could not be reached, is asked again; nothing is claimed until then. Null: at any time.</summary>
    DateTimeOffset? PausedUntil => null;

    /// <summary>Whether sending blocks its thread, and so wants threads of its own.</summary>
    bool Blocks => false;

    /// <summary>Reads, for a whole batch at once, who and what. What ended meanwhile is seen here.</summary>
    Task<ISending> BeginAsync(IReadOnlyList<Claim> claims, CancellationToken cancel);
}

/// <summary>One batch on its way.</summary>
public interface ISending
{
    /// <summary>
    /// One attempt. A failure that was foreseen is a result; an exception is a bug, and counts as an attempt.
    /// What is begun is finished even when the program is asked to stop: its answer belongs into the ledger.
    /// </summary>
    Task<SendResult> SendAsync(Claim claim);
}
