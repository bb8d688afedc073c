using System.Globalization;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Audit;

/// <summary>Looks whether every entry of the audit is as it was written, and none is missing: <c>audit verify</c>.</summary>
public static class AuditCommand
{
    public const string Usage = "audit verify";

    /// <returns>0 when the chain is whole; 1 with the number of the first row that is wrong.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        await using var app = Program.Build([.. args, "--Log:Level", "Fatal"]);
        await using var scope = app.Services.CreateAsyncScope();
        try
        {
            var finding = await scope.ServiceProvider.GetRequiredService<StatusDb>().VerifyAuditAsync(CancellationToken.None);
            if (finding.Why is { } why) return await Commands.RefuseAsync(why, Commands.Refused);
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{finding.Entries:N0} entries, the chain is whole."));
            return Commands.Done;
        }
        catch (Exception exception) when (StoreSetup.IsOutage(exception))
        {
            return await Commands.RefuseAsync($"The database cannot be reached: {exception.GetBaseException().Message}", Commands.Refused);
        }
    }
}
