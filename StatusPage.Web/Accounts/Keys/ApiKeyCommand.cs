using StatusPage.Domain.Accounts;
using StatusPage.Domain.Audit;
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
        return await app.OnPageAsync(
            Usage,
            async (_, writer, page) =>
            {
                var (row, key) = ApiKey.Create(page.Id, name, role, writer.Now, ApiScopes.Parse(app.Configuration["scopes"]));
                writer.Db.ApiKeys.Add(row);
                writer.Db.Audit.Add(new AuditEntry(page.Id, "command line", "apikey.created", row.Subject, writer.Now));
                await writer.Db.SaveChangesAsync();
                await Console.Out.WriteLineAsync(key);
                return Commands.Done;
            }
        );
    }
}
