using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using StatusPage.Domain;
using StatusPage.Web.Data;

namespace StatusPage.Tests.Host;

/// <summary>Confirmed subscribers by the thousand or million, written as fast as the store takes them: s0@customer.example and so on.</summary>
public static class ManySubscribers
{
    private const string Columns =
        "\"Subscribers\" (\"Id\", \"PageId\", \"Channel\", \"Email\", \"Key\", \"State\", \"WantsEverything\", "
        + "\"ComponentIds\", \"IncidentIds\", \"CreatedAt\", \"ConfirmedAt\")";

    public static async Task AddAsync(StatusDb db, PageId page, int count)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        if (db is PostgresStatusDb)
            await CopyAsync((NpgsqlConnection)db.Database.GetDbConnection(), page, count, now);
        else
            await InsertAsync(db, page, count, now);
    }

    private static async Task CopyAsync(NpgsqlConnection connection, PageId page, int count, long now)
    {
        await connection.OpenAsync();
        await using (var copy = await connection.BeginTextImportAsync($"COPY {Columns} FROM STDIN"))
        {
            var lines = new StringBuilder();
            for (var i = 0; i < count; i++)
            {
                lines.Append(CultureInfo.InvariantCulture, $"{Id(i)}\t{page}\t0\ts{i}@customer.example\ts{i}@customer.example\t1\tt\t\t\t{now}\t{now}\n");
                if (lines.Length < 1_000_000)
                    continue;
                await copy.WriteAsync(lines.ToString());
                lines.Clear();
            }
            await copy.WriteAsync(lines.ToString());
        }
        await using var analyze = new NpgsqlCommand("VACUUM (ANALYZE)", connection) { CommandTimeout = 300 };
        await analyze.ExecuteNonQueryAsync();
    }

    private static async Task InsertAsync(StatusDb db, PageId page, int count, long now)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        foreach (var chunk in Enumerable.Range(0, count).Chunk(500))
        {
            var rows = string.Join(
                ",",
                chunk.Select(i => $"('{Id(i)}','{page}',0,'s{i}@customer.example','s{i}@customer.example',1,1,'','',{now},{now})")
            );
            var sql = $"INSERT INTO {Columns} VALUES {rows}";
            await db.Database.ExecuteSqlRawAsync(sql);
        }
        await transaction.CommitAsync();
    }

    /// <summary>As scattered as real ids are.</summary>
    private static string Id(int number)
    {
        const string alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
        var scattered = unchecked((ulong)number * 0x9E3779B97F4A7C15) ^ 0x5DEECE66D;
        return string.Create(
            PublicId.Length,
            scattered,
            static (id, value) =>
            {
                for (var i = 0; i < id.Length; i++, value /= 36)
                    id[i] = alphabet[(int)(value % 36)];
            }
        );
    }
}
