using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Web.Data;

namespace StatusPage.Tests.Host;

/// <summary>The SQL commands that requests cost. Commands of workers are not counted.</summary>
public sealed class SqlCount : DbCommandInterceptor
{
    private readonly HttpContextAccessor _http = new();
    private readonly ConcurrentQueue<string> _asked = new();

    /// <summary>Makes the application count from its start.</summary>
    public void Watch(WebApplicationBuilder builder)
    {
        builder.Services.ConfigureDbContext<SqliteStatusDb>(options => options.AddInterceptors(this));
        builder.Services.ConfigureDbContext<PostgresStatusDb>(options => options.AddInterceptors(this));
    }

    /// <summary>The commands since the last call.</summary>
    public IReadOnlyList<string> Take()
    {
        var asked = new List<string>();
        while (_asked.TryDequeue(out var one))
            asked.Add(one);
        return asked;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    )
    {
        Note(command);
        return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        Note(command);
        return base.NonQueryExecutingAsync(command, eventData, result, cancellationToken);
    }

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<object> result,
        CancellationToken cancellationToken = default
    )
    {
        Note(command);
        return base.ScalarExecutingAsync(command, eventData, result, cancellationToken);
    }

    private void Note(DbCommand command)
    {
        if (_http.HttpContext?.Request.Path.Value is { } path)
            _asked.Enqueue($"{path}: {command.CommandText}");
    }
}
