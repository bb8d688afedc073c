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

/// <summary>The chain of the audit, as the program writes, shows and verifies it.</summary>
public sealed class AuditChainTests(PostgresServer server)
{
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
        Assert.Equal(0, (await AppCommand.RunAsync("audit", "verify", "--DataDirectory", folder.Path)).ExitCode);
        await using (
            var db = new SqliteStatusDb(new DbContextOptionsBuilder<SqliteStatusDb>().UseSqlite($"Data Source={folder.File("status.db")}").Options)
        )
            await db.Database.ExecuteSqlRawAsync("""UPDATE "Audit" SET "Actor" = 'nobody' WHERE "Id" = 2""");
        var (code, output) = await AppCommand.RunAsync("audit", "verify", "--DataDirectory", folder.Path);
        Assert.Equal(1, code);
        Assert.Contains("Row 2", output, StringComparison.Ordinal);
    }
}
