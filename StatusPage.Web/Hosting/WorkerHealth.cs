using System.Collections.Concurrent;

namespace StatusPage.Web.Hosting;

/// <summary>A worker whose last round failed.</summary>
/// <param name="Reason">The kind of the failure, without its text, since readiness shows this to everybody.</param>
public sealed record WorkerTrouble(string Worker, DateTimeOffset Since, string Reason);

/// <summary>How the workers of this node fare, for readiness and the desk.</summary>
public sealed class WorkerHealth(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, WorkerTrouble> _troubles = new(StringComparer.Ordinal);

    public IReadOnlyList<WorkerTrouble> Troubles => [.. _troubles.Values.OrderBy(trouble => trouble.Worker, StringComparer.Ordinal)];

    public void Worked(string worker)
    {
        if (!_troubles.IsEmpty)
            _troubles.TryRemove(worker, out _);
    }

    public void Failed(string worker, Exception exception)
    {
        var reason = exception.GetBaseException().GetType().Name;
        _troubles.AddOrUpdate(worker, name => new(name, time.GetUtcNow(), reason), (_, before) => before with { Reason = reason });
    }
}
