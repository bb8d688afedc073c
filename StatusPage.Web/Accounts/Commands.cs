using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Audit;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Accounts;

/// <summary>What the program does from the command line instead of serving: <c>apikey create --name ci --role comms</c>, <c>healthcheck</c>.</summary>
public static class Commands
{
    private const string Usage = "Usage: apikey create --name NAME --role owner|comms|responder|auditor, or healthcheck";

    public static bool AreIn(string[] args) => args is [{ Length: > 0 } first, ..] && first[0] is not ('-' or '/');

    /// <returns>The exit code: 0 done, 1 refused, 2 not understood.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["healthcheck", ..]) return await HealthCheck.RunAsync([.. args.Skip(1)]);
        if (args is not ["apikey", "create", ..]) return await RefuseAsync($"Unknown command '{args[0]}'. {Usage}", 2);
        // What is logged on the way goes nowhere: the key stands alone on its line.
        await using var app = Program.Build([.. args.Skip(2), "--Log:Level", "Fatal"]);
        var name = app.Configuration["name"];
        if (Roles.Parse(app.Configuration["role"] ?? "comms") is not { } role) return await RefuseAsync($"Role '{app.Configuration["role"]}' is unknown. {Usage}", 2);
        await using var scope = app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        try
        {
            await StoreStartup.PrepareAsync(services, services.GetRequiredService<Settings>(), CancellationToken.None);
            var desk = services.GetRequiredService<Desk>();
            var page = await desk.PageAsync(CancellationToken.None);
            var (row, key) = ApiKey.Create(page.Id, name, role, desk.Now);
            desk.Db.ApiKeys.Add(row);
            desk.Db.Audit.Add(new AuditEntry(page.Id, "command line", "apikey.created", $"{row.Name} ({role.Code()})", desk.Now));
            await desk.Db.SaveChangesAsync();
            await Console.Out.WriteLineAsync(key);
            return 0;
        }
        catch (RuleViolation violation)
        {
            return await RefuseAsync($"{violation.Message} {Usage}", 1);
        }
        catch (Exception exception) when (StoreSetup.IsOutage(exception))
        {
            return await RefuseAsync($"The database cannot be reached: {exception.GetBaseException().Message}", 1);
        }
    }

    private static async Task<int> RefuseAsync(string message, int code)
    {
        await Console.Error.WriteLineAsync(message);
        return code;
    }
}
