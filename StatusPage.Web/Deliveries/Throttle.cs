using System.Collections.Concurrent;
using StatusPage.Domain.Channels;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Deliveries;

/// <summary>
/// How fast a host may be sent to, and when again: by our own settings, and by what the host asked for. It holds for this node. The rate is kept by the
/// generic cell rate algorithm (ITU-T I.371): one instant for each host, and no timer.
/// </summary>
public sealed class Throttle(Settings settings, TimeProvider time)
{
    /// <summary>The share of the rate that may go at once to a host that was idle.</summary>
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);

    /// <summary>The most hosts and endpoints that are kept. Strangers name them, so idle ones are removed.</summary>
    public const int Most = 10_000;

    private readonly ConcurrentDictionary<(Channel, string), Gate> _gates = new();

    public int Size => _gates.Count;

    /// <summary>Asks for permission to send now.</summary>
    /// <param name="host">The domain of an address, or the host of an endpoint.</param>
    /// <returns>Null when it may go now; else when to ask again.</returns>
    public DateTimeOffset? Take(Channel channel, string host)
    {
        var perSecond = channel switch
        {
            Channel.Email => settings.MailsPerDomainPerSecond,
            // All browsers of one maker are behind one host, which is built for that and says by itself when it is too much.
            Channel.WebPush => 0,
            _ => settings.RequestsPerHostPerSecond,
        };
        if (perSecond == 0 && _gates.IsEmpty)
            return null;
        var gate = Find((channel, host.ToLowerInvariant()));
        var now = time.GetUtcNow();
        lock (gate)
        {
            if (gate.ClosedUntil > now)
                return gate.ClosedUntil;
            if (perSecond == 0)
                return null;
            var interval = TimeSpan.FromSeconds(1) / perSecond;
            var next = gate.Next > now ? gate.Next : now;
            if (next - now >= Burst)
                return gate.Queue = (gate.Queue > next ? gate.Queue : next) + interval;
            gate.Next = next + interval;
            return null;
        }
    }

    /// <summary>Until when a host, or one endpoint on it, asked to be left alone; null when it did not, or that time is over.</summary>
    public DateTimeOffset? ClosedUntil(Channel channel, string host) =>
        _gates.TryGetValue((channel, host.ToLowerInvariant()), out var gate) && gate.ClosedUntil > time.GetUtcNow() ? gate.ClosedUntil : null;

    /// <summary>The host, or one endpoint on it, asked to be left alone.</summary>
    public void Close(Channel channel, string host, DateTimeOffset until)
    {
        var gate = Find((channel, host.ToLowerInvariant()));
        lock (gate)
        {
            if (until > gate.ClosedUntil)
                gate.ClosedUntil = until;
        }
    }

    /// <summary>Resets every host.</summary>
    public void Forget() => _gates.Clear();

    private Gate Find((Channel, string) key)
    {
        if (_gates.TryGetValue(key, out var known))
            return known;
        if (_gates.Count >= Most)
            MakeRoom();
        return _gates.GetOrAdd(key, _ => new());
    }

    private void MakeRoom()
    {
        var now = time.GetUtcNow();
        foreach (var (key, gate) in _gates)
            if (gate.Next <= now && gate.ClosedUntil <= now)
                _gates.TryRemove(key, out _);
        // Nobody sends to this many hosts at once; the table is emptied rather than grow.
        if (_gates.Count >= Most)
            _gates.Clear();
    }

    private sealed class Gate
    {
        /// <summary>When the next one would go at an even rate.</summary>
        public DateTimeOffset Next;

        /// <summary>
        /// The latest instant that was given to a waiting delivery. Each gets a later one, so that they come back no faster than they may go.
        /// </summary>
        public DateTimeOffset Queue;
        public DateTimeOffset ClosedUntil;
    }
}
