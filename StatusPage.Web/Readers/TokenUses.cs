using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Readers;

/// <summary>When tokens were last used. Reading a page writes nothing; this is written once a minute, one row for each token that was used.</summary>
public sealed class TokenUses
{
    private readonly ConcurrentDictionary<int, DateTimeOffset> _last = new();

    public void Note(int token, DateTimeOffset at) => _last[token] = at;

    public IReadOnlyList<(int Token, DateTimeOffset At)> Take()
    {
        var taken = new List<(int, DateTimeOffset)>();
        foreach (var token in _last.Keys)
            if (_last.TryRemove(token, out var at))
                taken.Add((token, at));
        return taken;
    }
}

public sealed class TokenUseWorker(TokenUses uses, IServiceScopeFactory scopes, WorkerTools tools, ILogger<TokenUseWorker> logger)
    : Worker("Uses of read tokens", tools, logger)
{
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        if (uses.Take() is { Count: > 0 } used)
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<StatusDb>().UsedAsync(used, stopping);
        }
        return Rest;
    }
}

internal static class TokenUseQueries
{
    public static async Task UsedAsync(this StatusDb db, IReadOnlyList<(int Token, DateTimeOffset At)> used, CancellationToken cancel)
    {
        foreach (var (token, at) in used)
            await db
                .ReadTokens.Where(row => row.Id == token && (row.LastUsedAt == null || row.LastUsedAt < at))
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastUsedAt, (DateTimeOffset?)at), cancel);
    }
}
