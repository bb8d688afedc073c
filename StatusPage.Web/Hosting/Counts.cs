using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace StatusPage.Web.Hosting;

/// <summary>
/// Counts how often somebody did something within a window. The first time begins the window; when it is over, counting begins anew. With Redis, all nodes
/// count together. Without it, or while it does not answer, this node continues by itself from the last known count.
/// </summary>
public sealed partial class Counts(SharedRedis redis, TimeProvider time, ILogger<Counts> logger)
{
    /// <summary>Kinds are names in the code; one that is made from a request would be a bug.</summary>
    private const int MostKinds = 64;
    private const string Prefix = "statuspage:count:";

    /// <summary>Redis answers in less than a millisecond. Nobody who signs in waits longer than this for a limit.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>Counts and sets the end of the window in one step: a node that dies in between leaves no count that stays for ever.</summary>
    private const string AddScript = """
        local number = redis.call('INCR', KEYS[1])
        local left = redis.call('PTTL', KEYS[1])
        if left < 0 then
          redis.call('PEXPIRE', KEYS[1], ARGV[1])
          left = tonumber(ARGV[1])
        end
        return {number, left}
        """;
    private const string ReadScript = "return {tonumber(redis.call('GET', KEYS[1]) or '0'), redis.call('PTTL', KEYS[1])}";

    private readonly ConcurrentDictionary<string, CountTable> _tables = new(StringComparer.Ordinal);

    /// <summary>Ticks; zero while Redis answers.</summary>
    private long _askAgainAt;

    /// <summary>Adds one.</summary>
    /// <param name="kind">What is counted: a name in the code.</param>
    /// <param name="who">Hashed before it leaves the process.</param>
    /// <returns>How many there were in the current window, including this one.</returns>
    public async Task<long> AddAsync(string kind, string who, TimeSpan window, CancellationToken cancel) =>
        (await TakeAsync(kind, who, window, cancel)).Number;

    /// <summary>How many there were in the current window; none if it ends later than <paramref name="window"/>, with which they were counted.</summary>
    public async Task<long> ReadAsync(string kind, string who, TimeSpan window, CancellationToken cancel) =>
        await PeekAsync(kind, who, cancel) is var tally && tally.EndsIn <= window ? tally.Number : 0;

    /// <summary>Like <see cref="ReadAsync"/>, with the end of the window.</summary>
    public async Task<Tally> PeekAsync(string kind, string who, CancellationToken cancel)
    {
        var (table, key) = Find(kind, who);
        return await AskAsync(ReadScript, kind, key, [], cancel) ?? table.Read(key, time.GetUtcNow());
    }

    public async Task ForgetAsync(string kind, string who, CancellationToken cancel)
    {
        var (table, key) = Find(kind, who);
        table.Forget(key);
        await AskAsync("redis.call('DEL', KEYS[1]) return {0, 0}", kind, key, [], cancel);
    }

    /// <summary>Like <see cref="AddAsync"/>, with the end of the window.</summary>
    public async Task<Tally> TakeAsync(string kind, string who, TimeSpan window, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, TimeSpan.FromMilliseconds(1));
        var (table, key) = Find(kind, who);
        if (await AskAsync(AddScript, kind, key, [(long)window.TotalMilliseconds], cancel) is not { } shared)
            return table.Add(key, window, time.GetUtcNow());
        table.Set(key, shared, time.GetUtcNow());
        return shared;
    }

    /// <summary>Entries of one kind on this node.</summary>
    public int SizeOf(string kind) => _tables.TryGetValue(kind, out var table) ? table.Size : 0;

    private (CountTable Table, UInt128 Key) Find(string kind, string who)
    {
        if (!_tables.TryGetValue(kind, out var table))
        {
            if (_tables.Count >= MostKinds)
                throw new InvalidOperationException($"'{kind}' is one kind of count too many.");
            table = _tables.GetOrAdd(kind, _ => new());
        }
        return (table, BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}|{who}"))));
    }

    /// <returns>Null when there is no Redis, or it does not answer in time.</returns>
    private async Task<Tally?> AskAsync(string script, string kind, UInt128 key, RedisValue[] values, CancellationToken cancel)
    {
        if (!redis.IsConfigured || !MayAsk(out var isTrial))
            return null;
        try
        {
            var answer = await AskAsync().WaitAsync(Patience, cancel);
            if (isTrial && Interlocked.Exchange(ref _askAgainAt, 0) != 0)
                Log.Back(logger);
            return new((long)answer[0], TimeSpan.FromMilliseconds(Math.Max(0, (long)answer[1])));
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            if (Interlocked.Exchange(ref _askAgainAt, (time.GetUtcNow() + AskAgainAfter).Ticks) == 0)
                Log.Away(logger, exception.GetType().Name);
            return null;
        }

        async Task<RedisResult[]> AskAsync()
        {
            var connection = await redis.ConnectAsync();
            return (RedisResult[])(await connection.GetDatabase().ScriptEvaluateAsync(script, [$"{Prefix}{kind}:{key:x32}"], values))!;
        }
    }

    /// <summary>While Redis is away, one request in a second tries it, and no other waits.</summary>
    private bool MayAsk(out bool isTrial)
    {
        var askAgainAt = Interlocked.Read(ref _askAgainAt);
        isTrial = askAgainAt != 0;
        if (!isTrial)
            return true;
        var now = time.GetUtcNow().Ticks;
        return now >= askAgainAt && Interlocked.CompareExchange(ref _askAgainAt, now + AskAgainAfter.Ticks, askAgainAt) == askAgainAt;
    }

    private static partial class Log
    {
        [LoggerMessage(140, LogLevel.Warning, "Redis does not answer ({Reason}), so this node counts for its limits by itself.")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(141, LogLevel.Information, "Redis answers again; the nodes count for their limits together.")]
        public static partial void Back(ILogger logger);
    }
}
