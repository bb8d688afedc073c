using Microsoft.EntityFrameworkCore;
using StatusPage.Tests.Host;
using StatusPage.Web.Audit;

namespace StatusPage.Tests.Audit;

/// <summary>What somebody does to the audit behind the program's back is found, with the row's number.</summary>
public sealed class AuditChainTests
{
    public static TheoryData<string, long?> Tampering => new()
    {
        { "SELECT 1", null },
        { """UPDATE "Audit" SET "Subject" = 'something else' WHERE "Id" = 2""", 2 },
        { """UPDATE "Audit" SET "From" = '203.0.113.9' WHERE "Id" = 2""", 2 },
        { """DELETE FROM "Audit" WHERE "Id" = 1""", 1 },
        { """DELETE FROM "Audit" WHERE "Id" = 2""", 2 },
        { """DELETE FROM "Audit" WHERE "Id" = (SELECT MAX("Id") FROM "Audit")""", 4 },
        { """DELETE FROM "Audit" """, 1 },
    };

    [Theory]
    [MemberData(nameof(Tampering))]
    public async Task Each_change_is_found(string sql, long? row)
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        foreach (var name in new[] { "API", "Website", "Database", "Queue" })
            await owner.FillInAsync("/admin/components", new { Name = name }, "form:has(button[data-main])");
        Assert.Equal(4, await app.InStoreAsync(db => db.Audit.CountAsync(entry => entry.Action == "component.created")));
        var first = await app.InStoreAsync(db => db.Audit.OrderBy(entry => entry.Id).FirstAsync());
        Assert.Contains("\"Name\":[null,\"API\"]", first.Changes, StringComparison.Ordinal);
        Assert.NotNull(first.From);
        await app.InStoreAsync(db => db.Database.ExecuteSqlRawAsync(sql));
        Assert.Equal(row, (await app.InStoreAsync(db => db.VerifyAuditAsync(CancellationToken.None))).Wrong);
    }
}
