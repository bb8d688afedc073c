using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Tests.Host;
using StatusPage.Web.Audit;
using Desk = StatusPage.Tests.Host.Desk;
using SqliteStatusDb = StatusPage.Web.Data.SqliteStatusDb;

namespace StatusPage.Tests.Audit;

/// <summary>Changes made to the audit behind the program's back are found, with the row's number.</summary>
public sealed class AuditChainTests(PostgresServer server)
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
    public Task Each_change_is_found(string sql, long? row) => FindAsync(sql, row, Desk.Owner);

    [Theory]
    [MemberData(nameof(Tampering))]
    public async Task Each_change_is_found_on_postgresql(string sql, long? row) =>
        await FindAsync(sql, row, [.. Desk.Owner, "--ConnectionStrings:Postgres", await server.CreateDatabaseAsync()]);

    private static async Task FindAsync(string sql, long? row, string[] arguments)
    {
        await using var app = await AppHost.StartAsync(arguments);
        using var owner = await app.SignInAsync();
        foreach (var name in new[] { "API", "Website", "Database", "Queue" })
            await owner.FillInAsync("/admin/components", new { Name = name }, "form:has(button[data-main])");
        Assert.Equal(4, await app.InStoreAsync(db => db.Audit.CountAsync(entry => entry.Action == "component.created")));
        var first = await app.InStoreAsync(db => db.Audit.SingleAsync(entry => entry.Id == 4));
        Assert.Contains("\"Name\":[null,\"API\"]", first.Changes, StringComparison.Ordinal);
        Assert.NotNull(first.From);
        await app.InStoreAsync(db => db.Database.ExecuteSqlRawAsync(sql));
        Assert.Equal(row, (await app.InStoreAsync(db => new AuditCheck().RunAsync(db, CancellationToken.None))).Wrong);
    }

    [Fact]
    public async Task Fifty_who_write_at_once_make_one_chain()
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--ConnectionStrings:Postgres", await server.CreateDatabaseAsync()]);
        using var api = await app.ApiAsync();
        var component = await app.ComponentAsync("API");
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => api.OpenIncidentAsync(new { name = $"Incident {i}", body = "We look into it." })));
        var finding = await app.InStoreAsync(db => new AuditCheck().RunAsync(db, CancellationToken.None));
        Assert.Null(finding.Why);
        Assert.Equal(50, await app.InStoreAsync(db => db.Audit.CountAsync(row => row.Action == "incident.opened")));
    }

    [Fact]
    public async Task The_room_shows_searches_exports_and_verifies()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        await app.AccountAsync("adam@acme.example", Role.Auditor);
        await owner.FillInAsync("/admin/components", new { Name = "=cmd|' /C calc'!A0" }, "form:has(button[data-main])");
        await owner.FillInAsync("/admin/settings", new { Name = "Acme Two" }, "form:has(button[data-main])");
        using var adam = await app.SignInAsync("adam@acme.example");
        var page = await adam.GetAsync("/admin/audit?q=configured");
        var row = Assert.Single(page.QuerySelectorAll("tbody tr"));
        Assert.Contains("127.0.0.1", row.TextContent, StringComparison.Ordinal);
        Assert.Equal("Acme Two", row.QuerySelector("dl.changes div:first-child ins")!.TextContent);
        Assert.Contains(
            "none missing",
            (await adam.GetAsync("/admin/audit?handler=Verify")).QuerySelector("[role=status]")!.TextContent,
            StringComparison.Ordinal
        );
        Assert.Empty((await adam.GetAsync("/admin/audit?since=2031-01-01")).QuerySelectorAll("tbody tr"));
        var csv = (await adam.GetAsync("/admin/audit?handler=Export&format=csv")).Source.Text;
        Assert.DoesNotContain("\n=cmd", csv, StringComparison.Ordinal);
        Assert.Contains("page.configured", csv, StringComparison.Ordinal);
        // The exported lines are enough to recompute the chain.
        var lines = (await adam.GetAsync("/admin/audit?handler=Export&format=jsonl")).Source.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var previous = new string('0', 64);
        foreach (var line in lines)
        {
            using var json = JsonDocument.Parse(WebUtility.HtmlDecode(line));
            string?[] parts =
            [
                previous,
                .. new[] { "row", "page", "actor", "action", "subject", "at_ms", "from", "changes" }.Select(name =>
                    json.RootElement.GetProperty(name) is { ValueKind: not JsonValueKind.Null } part ? part.ToString() : null
                ),
            ];
            var text = string.Concat(parts.Select(part => part is null ? "-;" : $"{part.Length}:{part};"));
            previous = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            Assert.Equal(previous, json.RootElement.GetProperty("hash").GetString());
        }
    }

    [Fact]
    public async Task The_command_ends_with_one_and_the_number_of_the_row()
    {
        using var folder = new TempFolder();
        await using (var app = await AppHost.StartAsync(folder, null, Desk.Owner))
        {
            using var owner = await app.SignInAsync();
            foreach (var name in new[] { "API", "Website" })
                await owner.FillInAsync("/admin/components", new { Name = name }, "form:has(button[data-main])");
        }
        Assert.Equal(0, (await AppProcess.RunAsync("audit", "verify", "--DataDirectory", folder.Path)).ExitCode);
        await using (
            var db = new SqliteStatusDb(new DbContextOptionsBuilder<SqliteStatusDb>().UseSqlite($"Data Source={folder.File("status.db")}").Options)
        )
            await db.Database.ExecuteSqlRawAsync("""UPDATE "Audit" SET "Actor" = 'nobody' WHERE "Id" = 2""");
        var (code, output) = await AppProcess.RunAsync("audit", "verify", "--DataDirectory", folder.Path);
        Assert.Equal(1, code);
        Assert.Contains("Row 2", output, StringComparison.Ordinal);
    }
}
