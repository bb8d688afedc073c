namespace StatusPage.Web.Hosting;

public sealed class Counts(TimeProvider time)
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, (long N, DateTimeOffset Until)> _counts = new();

    public Task<long> AddAsync(string kind, string who, TimeSpan window, CancellationToken cancel) =>
        Task.FromResult(_counts.AddOrUpdate($"{kind}|{who}", _ => (1, time.GetUtcNow() + window), (_, was) => was.Until > time.GetUtcNow() ? (was.N + 1, was.Until) : (1, time.GetUtcNow() + window)).N);

    public Task<long> ReadAsync(string kind, string who, TimeSpan window, CancellationToken cancel) =>
        Task.FromResult(_counts.TryGetValue($"{kind}|{who}", out var was) && was.Until > time.GetUtcNow() ? was.N : 0);

    public Task ForgetAsync(string kind, string who, CancellationToken cancel)
    {
        _counts.TryRemove($"{kind}|{who}", out _);
        return Task.CompletedTask;
    }
}
