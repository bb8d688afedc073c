using Microsoft.Extensions.Caching.Memory;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.StatusApi;

/// <summary>
/// Counts invalid keys by address. An address that tried too many is refused before the store is asked. A key that was good lately is looked up all the
/// same, so that nobody is shut out who shares an address with somebody who guesses.
/// </summary>
public sealed class UnknownKeys(Settings settings, Counts counts) : IDisposable
{
    private const string Kind = "api.unknown-key";

    /// <summary>Good keys remembered, by their hash.</summary>
    private const int Most = 1_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private readonly MemoryCache _good = new(new MemoryCacheOptions { SizeLimit = Most });

    public async Task<bool> AreTooManyAsync(HttpContext context, string hash) =>
        !_good.TryGetValue(hash, out _)
        && await counts.ReadAsync(Kind, ClientAddress.Of(context), Window, context.RequestAborted) >= settings.UnknownKeysPerMinute;

    public Task AddAsync(HttpContext context) => counts.AddAsync(Kind, ClientAddress.Of(context), Window, context.RequestAborted);

    public void Remember(string hash) => _good.Set(hash, true, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = Remembered });

    public void Dispose() => _good.Dispose();
}
