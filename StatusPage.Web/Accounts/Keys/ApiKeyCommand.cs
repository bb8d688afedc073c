using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Audit;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Accounts.Keys;

/// <summary>Makes a key for the manage API and prints it, once: <c>apikey create --name ci --role comms</c>.</summary>
public static class ApiKeyCommand
{
    public const string Usage = "apikey create --name NAME --role owner|comms|responder|auditor [--scopes AREA:read|write,…] [--page SLUG|HOST]";

    /// <param name="args">What follows <c>apikey create</c>.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        await using var app = Commands.Build(args);
        var name = app.Configuration["name"];
        if (Roles.Parse(app.Configuration["role"] ?? "comms") is not { } role)
            return await Commands.RefuseAsync($"Role '{app.Configuration["role"]}' is unknown. Usage: {Usage}", Commands.NotUnderstood);
        await using var scope = app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        try
        {
            await Commands.OpenStoreAsync(services);
            var writer = services.GetRequiredService<ChangeWriter>();
            var where = app.Configuration["page"];
            if (await writer.FindPageAsync(where) is not { } page)
                return await Commands.RefuseAsync($"There is no page at '{where}'. Usage: {Usage}", Commands.Refused);
            var (row, key) = ApiKey.Create(page.Id, name, role, writer.Now, ApiScopes.Parse(app.Configuration["scopes"]));
            writer.Db.ApiKeys.Add(row);
            writer.Db.Audit.Add(new AuditEntry(page.Id, "command line", "apikey.created", row.Subject, writer.Now));
            await writer.Db.SaveChangesAsync();
            await Console.Out.WriteLineAsync(key);
            return Commands.Done;
        }
        catch (RuleViolation violation)
        {
            return await Commands.RefuseAsync($"{violation.Message} Usage: {Usage}", Commands.Refused);
        }
        catch (Exception exception) when (StoreSetup.IsOutage(exception))
        {
            return await Commands.RefuseAsync($"The database cannot be reached: {exception.GetBaseException().Message}", Commands.Refused);
        }
    }
}
