using System.Globalization;
using StatusPage.Domain.Audit;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Audit;

/// <summary>
/// <c>audit verify</c> checks that no entry of the audit was changed and none is missing. <c>audit key</c> prints the key by which others verify.
/// </summary>
public static class AuditCommand
{
    public const string Usage = "audit verify [--head \"LINE OF THE LOG\"] [--known ROW,ROW], audit key";

    /// <returns>0 when the chain is whole and its end is signed; 1 with the number of the first wrong row.</returns>
    public static async Task<int> VerifyAsync(string[] args)
    {
        await using var app = Commands.Build(args);
        if (Check(app.Configuration) is not { } check)
            return await Commands.RefuseAsync($"Usage: {Usage}", Commands.NotUnderstood);
        if (app.Configuration["head"] is { } line && check.Claimed is null)
            return await Commands.RefuseAsync(
                $"--head holds no statement of this program about its audit: '{line}'. Give the whole line of the log, in quotes.",
                Commands.NotUnderstood
            );
        await using var scope = app.Services.CreateAsyncScope();
        try
        {
            var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
            await StoreSchema.MustHavePageAsync(db, scope.ServiceProvider.GetRequiredService<Settings>(), CancellationToken.None);
            var finding = await check.RunAsync(db, CancellationToken.None);
            if (finding.Why is { } why)
                return await Commands.RefuseAsync(why, Commands.Refused);
            await Console.Out.WriteLineAsync(Words(finding, check.Claimed));
            return Commands.Done;
        }
        catch (Exception exception) when (StoreSetup.IsOutage(exception))
        {
            return await Commands.RefuseAsync($"The database cannot be reached: {exception.GetBaseException().Message}", Commands.Refused);
        }
    }

    public static async Task<int> ShowKeyAsync(string[] args)
    {
        await using var app = Commands.Build(args);
        var keys = app.Services.GetRequiredService<AuditKeys>();
        if (keys.PublicKey is not { } key)
            return await Commands.RefuseAsync("There is no key yet. The first start makes one.", Commands.Refused);
        await Console.Out.WriteLineAsync($"key={keys.Id}\n{key}");
        return Commands.Done;
    }

    private static AuditCheck? Check(IConfiguration given)
    {
        var known = new List<long>();
        foreach (var part in (given["known"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var row))
                return null;
            known.Add(row);
        }
        return new(given["head"] is { } line ? SignedHead.Find(line) : null, known);
    }

    private static string Words(AuditFinding finding, SignedHead? claimed)
    {
        var lines = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{finding.Entries:N0} entries, the chain is whole.") };
        if (finding.Head is { } head)
            lines.Add($"Its end is signed by key {head.Key}: {head}");
        if (finding.SignedSince is { } row)
            lines.Add($"It has been signed since row {row}; the rows before stand by the chain alone. There is no second such row.");
        if (claimed is not null)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"It holds the end that was stated: row {claimed.Number}."));
        return string.Join('\n', lines);
    }
}
