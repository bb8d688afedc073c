using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Data;

/// <summary>Why nothing can be written, in a sentence for the operator.</summary>
public sealed record StoreTrouble(string Cause, DateTimeOffset Since);

/// <summary>How long a write that is only a probe may take before the store counts as one that takes none.</summary>
public sealed record StorePatience(TimeSpan Length)
{
    public static readonly StorePatience Default = new(TimeSpan.FromSeconds(2));
}

/// <summary>
/// Whether the store takes writes, found out by writing. Code that fails because of the store reports it here; the log says each cause once, the desk and
/// readiness as long as it lasts.
/// </summary>
public sealed partial class StoreHealth(IServiceScopeFactory scopes, StorePatience patience, TimeProvider time, ILogger<StoreHealth> logger) : IDisposable
{
    /// <summary>How long an answer is reused, so that a readiness probe each second does not write each second.</summary>
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(5);

    /// <summary>How long a part of the store counts as broken after its last failure, when the probe's row does not lie in that part.</summary>
    private static readonly TimeSpan PartIsBroken = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _one = new(1);
    private readonly Lock _telling = new();
    private readonly HashSet<string> _said = [];
    private long? _asked,
        _partFailed;

    /// <summary>Null: the last attempted write succeeded.</summary>
    public StoreTrouble? Trouble { get; private set; }

    /// <summary>Reports a request that failed because of the store.</summary>
    /// <param name="isLogged">Whether it was logged already.</param>
    public void Failed(Exception exception, bool isLogged = false)
    {
        var (cause, isOfPart) = StoreFault.Of(exception) ?? StoreFault.Away;
        lock (_telling)
        {
            if (isOfPart)
                _partFailed = time.GetTimestamp();
            if (Trouble?.Cause == cause)
                return;
            Trouble = new(cause, Trouble?.Since ?? time.GetUtcNow());
            // Two alternating causes are logged once each.
            if (!_said.Add(cause))
                return;
        }
        if (!isLogged)
            Log.Refuses(logger, cause);
    }

    /// <summary>Writes a row, unless that was done within the last seconds.</summary>
    public async Task<StoreTrouble?> AskAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            if (_asked is { } before && time.GetElapsedTime(before) < GoodFor)
                return Trouble;
            try
            {
                using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                limited.CancelAfter(patience.Length);
                await WriteAsync(limited.Token);
                Worked();
            }
            catch (Exception exception)
                when (!cancel.IsCancellationRequested && (exception is OperationCanceledException || StoreSetup.IsOutage(exception)))
            {
                Failed(exception);
            }
            _asked = time.GetTimestamp();
            return Trouble;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task WriteAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        // SQLite blocks for this long, even when the caller has gone.
        db.Database.SetCommandTimeout(patience.Length);
        var now = time.GetUtcNow();
        if (await db.WriteProbes.ExecuteUpdateAsync(set => set.SetProperty(row => row.At, now), cancel) > 0)
            return;
        try
        {
            db.WriteProbes.Add(new WriteProbe { At = now });
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException exception) when (StoreSetup.IsDuplicate(exception))
        {
            // Another node wrote it, so the store takes writes.
        }
    }

    /// <summary>Every part was tried and works.</summary>
    public void Healed()
    {
        lock (_telling)
            _partFailed = null;
        Worked();
    }

    private void Worked()
    {
        lock (_telling)
        {
            if (Trouble is null || _partFailed is { } failed && time.GetElapsedTime(failed) < PartIsBroken)
                return;
            (Trouble, _partFailed) = (null, null);
            _said.Clear();
        }
        Log.Takes(logger);
    }

    private static partial class Log
    {
        [LoggerMessage(124, LogLevel.Error, "Nothing can be saved. {Cause} The public page goes on with what it has.")]
        public static partial void Refuses(ILogger logger, string cause);

        [LoggerMessage(125, LogLevel.Information, "The database takes what is saved again.")]
        public static partial void Takes(ILogger logger);
    }
}

/// <summary>The one row that is written to find out whether the store takes writes.</summary>
public sealed class WriteProbe
{
    public int Id { get; init; } = 1;
    public required DateTimeOffset At { get; set; }
}

internal sealed class WriteProbeTables : IEntityTypeConfiguration<WriteProbe>
{
    public void Configure(EntityTypeBuilder<WriteProbe> table) => table.Property(probe => probe.Id).ValueGeneratedNever();
}

/// <summary>Probes from time to time even when nobody asks, and soon after a failure.</summary>
public sealed class StoreWatch(StoreHealth health, WorkerTools tools, ILogger<StoreWatch> logger) : Worker("The database", tools, logger)
{
    private static readonly TimeSpan Looks = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan InTrouble = TimeSpan.FromSeconds(5);

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping) => await health.AskAsync(stopping) is null ? Looks : InTrouble;
}
