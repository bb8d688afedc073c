using Microsoft.EntityFrameworkCore;
using StatusPage.Tests.Host;
using StatusPage.Web.Audit;
using Desk = StatusPage.Tests.Host.Desk;

namespace StatusPage.Tests.Audit;

/// <summary>Changes made to the audit behind the program's back are found, with the row's number. Each is taken back before the next, so all share one program.</summary>
public abstract class TamperingTests(AuditedApp audited)
{
    public static TheoryData<string, long?> Tampering =>
        new()
        {
            { "SELECT 1", null },
            { """UPDATE "Audit" SET "Subject" = 'something else' WHERE "Id" = 5""", 5 },
            { """UPDATE "Audit" SET "From" = '203.0.113.9' WHERE "Id" = 5""", 5 },
            { """DELETE FROM "Audit" WHERE "Id" = 1""", 1 },
            { """DELETE FROM "Audit" WHERE "Id" = 5""", 5 },
            { """DELETE FROM "Audit" WHERE "Id" = (SELECT MAX("Id") FROM "Audit")""", 7 },
            { """DELETE FROM "Audit" """, 1 },
            { """UPDATE "Audit" SET "At" = "At" + 1 WHERE "Id" = 1""", 1 },
            { """UPDATE "Audit" SET "Changes" = NULL WHERE "Id" = 7""", 7 },
            {
                """UPDATE "Audit" SET "Id" = CASE "Id" WHEN 5 THEN -6 ELSE -5 END WHERE "Id" IN (5, 6); UPDATE "Audit" SET "Id" = -"Id" WHERE "Id" < 0""",
                5
            },
            {
                """INSERT INTO "Audit" ("Id", "PageId", "Actor", "Action", "Subject", "At", "Hash") """
                    + """SELECT 8, "PageId", 'mallory', "Action", "Subject", "At", "Hash" FROM "Audit" WHERE "Id" = 7""",
                8
            },
            // The end is cut off and the head's number set back, but its hash does not fit that row.
            { """DELETE FROM "Audit" WHERE "Id" = 7; UPDATE "AuditHead" SET "Number" = 6""", 6 },
            // The same, done by somebody who knows how the chain is made but has no key.
            { """DELETE FROM "Audit" WHERE "Id" > 5; UPDATE "AuditHead" SET "Number" = 5, "Hash" = (SELECT "Hash" FROM "Audit" WHERE "Id" = 5)""", 5 },
            { """UPDATE "AuditHead" SET "Signature" = NULL""", 7 },
            { """UPDATE "AuditHead" SET "Key" = NULL, "Signature" = NULL, "SignedAt" = NULL""", 7 },
            { """UPDATE "AuditHead" SET "Key" = '0123456789abcdef'""", 7 },
            { """UPDATE "AuditHead" SET "SignedAt" = "SignedAt" + 1""", 7 },
            { """UPDATE "AuditHead" SET "Signature" = 'MEUCIQ'""", 7 },
            {
                """DELETE FROM "Audit"; UPDATE "AuditHead" SET "Number" = 0,"""
                    + """ "Hash" = '0000000000000000000000000000000000000000000000000000000000000000',"""
                    + """ "Key" = NULL, "Signature" = NULL, "SignedAt" = NULL""",
                0
            },
        };

    [Theory]
    [MemberData(nameof(Tampering))]
    public Task Each_change_is_found(string sql, long? row) =>
        audited.App.InStoreAsync(async db =>
        {
            await db.Database.ExecuteSqlRawAsync(AuditedApp.Restore);
            await db.Database.ExecuteSqlRawAsync(sql);
            Assert.Equal(row, (await new AuditCheck().RunAsync(db, CancellationToken.None)).Wrong);
            return true;
        });
}

/// <summary>A program with seven entries in its audit.</summary>
public abstract class AuditedApp : IAsyncLifetime
{
    private const string Copy = """CREATE TABLE "AuditCopy" AS SELECT * FROM "Audit"; CREATE TABLE "AuditHeadCopy" AS SELECT * FROM "AuditHead";""";

    public const string Restore = """
        DELETE FROM "Audit"; INSERT INTO "Audit" SELECT * FROM "AuditCopy"; DELETE FROM "AuditHead"; INSERT INTO "AuditHead" SELECT * FROM "AuditHeadCopy";
        """;

    public AppHost App { get; private set; } = null!;

    protected abstract Task<string[]> StoreAsync();

    public async ValueTask InitializeAsync()
    {
        App = await AppHost.StartAsync([.. Desk.Owner, .. await StoreAsync()]);
        using var owner = await App.SignInAsync();
        foreach (var name in new[] { "API", "Website", "Database", "Queue" })
            await owner.FillInAsync("/admin/components", new { Name = name }, "form:has(button[data-main])");
        Assert.Equal(4, await App.InStoreAsync(db => db.Audit.CountAsync(entry => entry.Action == "component.created")));
        var first = await App.InStoreAsync(db => db.Audit.SingleAsync(entry => entry.Id == 4));
        Assert.Contains("\"Name\":[null,\"API\"]", first.Changes, StringComparison.Ordinal);
        Assert.NotNull(first.From);
        await App.InStoreAsync(db => db.Database.ExecuteSqlRawAsync(Copy));
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class SqliteAuditedApp : AuditedApp
{
    protected override Task<string[]> StoreAsync() => Task.FromResult<string[]>([]);
}

public sealed class PostgresAuditedApp(PostgresServer postgres) : AuditedApp
{
    protected override async Task<string[]> StoreAsync() => ["--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()];
}

public sealed class SqliteTamperingTests(SqliteAuditedApp audited) : TamperingTests(audited), IClassFixture<SqliteAuditedApp>;

public sealed class PostgresTamperingTests(PostgresAuditedApp audited) : TamperingTests(audited), IClassFixture<PostgresAuditedApp>;
