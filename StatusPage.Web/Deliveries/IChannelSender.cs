using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;

namespace StatusPage.Web.Deliveries;

/// <summary>Sends claimed rows of one channel.</summary>
public interface IChannelSender
{
    Channel Channel { get; }

    /// <summary>Deliveries under way at once, on this node.</summary>
    int AtOnce { get; }

    /// <summary>When a server that could not be reached is tried again; nothing is claimed until then. Null: at any time.</summary>
    DateTimeOffset? PausedUntil => null;

    /// <summary>Whether sending blocks its thread, and so needs threads of its own.</summary>
    bool Blocks => false;

    /// <summary>Reads recipients and contents for a whole batch. Whatever ended meanwhile is noticed here.</summary>
    Task<ISending> BeginAsync(IReadOnlyList<Claim> claims, CancellationToken cancel);
}

/// <summary>One batch on its way.</summary>
public interface ISending
{
    /// <summary>
    /// One attempt. An expected failure is a result; an exception is a bug, and counts as an attempt. An attempt that has begun is finished even when the
    /// program is asked to stop, because its answer belongs in the ledger.
    /// </summary>
    Task<SendResult> SendAsync(Claim claim);
}
