using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace StatusPage.Web.Data;

/// <summary>Whether a request has written anything.</summary>
public enum Written
{
    Nothing,

    /// <summary>The connection broke during the commit.</summary>
    Maybe,
    Something,
}

/// <summary>Notes for each request whether anything was committed, so that a later failure does not say that nothing was.</summary>
internal sealed class WrittenSoFar : SaveChangesInterceptor, IDbTransactionInterceptor
{
    public static readonly WrittenSoFar Instance = new();

    public static Written By(HttpContext context) => context.Items.TryGetValue(typeof(Written), out var written) ? (Written)written! : Written.Nothing;

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is StatusDb { Database.CurrentTransaction: null } db && result > 0)
            Note(db, Written.Something);
        return ValueTask.FromResult(result);
    }

    /// <summary>A single statement needs no transaction around it, so it is its own commit.</summary>
    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is StatusDb { Database.CurrentTransaction: null } db && IsCutOff(eventData.Exception))
            Note(db, Written.Maybe);
        return Task.CompletedTask;
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is StatusDb db)
            Note(db, Written.Something);
        return Task.CompletedTask;
    }

    public Task TransactionFailedAsync(DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is StatusDb db && eventData.Action == "Commit" && IsCutOff(eventData.Exception))
            Note(db, Written.Maybe);
        return Task.CompletedTask;
    }

    /// <summary>The store did not answer, or it answered that it shuts down (57P01 and the like).</summary>
    private static bool IsCutOff(Exception exception) =>
        StoreSetup.Refusal(exception) switch
        {
            PostgresException postgres => postgres.SqlState.StartsWith("57P", StringComparison.Ordinal),
            NpgsqlException or TimeoutException => true,
            _ => false,
        };

    private static void Note(StatusDb db, Written written)
    {
        if (db.FindService<IHttpContextAccessor>()?.HttpContext is { } http && By(http) < written)
            http.Items[typeof(Written)] = written;
    }
}
