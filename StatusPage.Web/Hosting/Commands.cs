using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Pages;
using StatusPage.Web.Accounts.Keys;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Alerts;
using StatusPage.Web.Audit;
using StatusPage.Web.Data;
using StatusPage.Web.Destinations;
using StatusPage.Web.Pages;
using StatusPage.Web.Runbooks;
using StatusPage.Web.Secrets;

namespace StatusPage.Web.Hosting;

/// <summary>The commands that the program runs instead of serving.</summary>
public static class Commands
{
    public const int Done = 0;
    public const int Refused = 1;
    public const int NotUnderstood = 2;

    private const string Usage =
        $"Usage: {ApiKeyCommand.Usage}, {AccountCommand.Usage}, {AuditCommand.Usage}, {StoreCommands.Usage}, {AlertSourceCommand.Usage}, "
        + $"{DestinationCommand.Usage}, {RunbookCommand.Usage}, or {HealthCheckCommand.Usage}";

    /// <summary>What commands accept besides settings.</summary>
    public static readonly IReadOnlyCollection<string> Options =
    [
        "name",
        "role",
        "page",
        "scopes",
        "email",
        "remove-factors",
        "head",
        "known",
        "source",
        "every",
        "kind",
        "url",
        "expires",
    ];

    public static bool AreIn(string[] args) => args is [{ Length: > 0 } first, ..] && first[0] is not ('-' or '/');

    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] args) =>
        args switch
        {
            ["apikey", "create", .. var rest] => ApiKeyCommand.RunAsync(rest),
            ["account", "reset", .. var rest] => AccountCommand.RunAsync(rest),
            ["alertsource", "create", .. var rest] => AlertSourceCommand.RunAsync(rest),
            ["destination", "create", .. var rest] => DestinationCommand.CreateAsync(rest),
            ["destination", "test", .. var rest] => DestinationCommand.TestAsync(rest),
            ["runbook", "import", .. var rest] => RunbookCommand.RunAsync(rest),
            ["audit", "verify", .. var rest] => AuditCommand.VerifyAsync(rest),
            ["audit", "key", .. var rest] => AuditCommand.ShowKeyAsync(rest),
            ["backup", .. var rest] => StoreCommands.BackupAsync(rest),
            ["restore", .. var rest] => StoreCommands.RestoreAsync(rest),
            ["healthcheck", .. var rest] => HealthCheckCommand.RunAsync(rest),
            _ => RefuseAsync($"Unknown command '{args[0]}'. {Usage}", NotUnderstood),
        };

    /// <summary>
    /// The program around a command, which works on existing data and creates none. Logs are discarded, so that the command's output stands alone.
    /// </summary>
    /// <exception cref="StoreRefusedException">There is no such data folder.</exception>
    internal static WebApplication Build(string[] args)
    {
        var folder = Settings.Read(WebApplication.CreateBuilder(args).Configuration).DataDirectory;
        if (!Directory.Exists(folder))
            throw new StoreRefusedException($"There is no folder {folder}. Say by --DataDirectory where the program keeps its data.");
        return Program.Build([.. args, "--Log:Level", "Fatal"], options: Options);
    }

    /// <summary>Opens the store for a command that writes to it.</summary>
    /// <exception cref="StoreRefusedException">It holds no page, or is not of this version.</exception>
    internal static async Task OpenStoreAsync(IServiceProvider services)
    {
        await StoreSchema.MustHavePageAsync(services.GetRequiredService<StatusDb>(), services.GetRequiredService<Settings>(), CancellationToken.None);
        await services.PrepareSecretsAsync(CancellationToken.None);
    }

    /// <summary>Runs a command on a page of the store. What it must not be run with is said in a line.</summary>
    /// <param name="usage">Of the command, for who made a mistake.</param>
    /// <returns>The exit code.</returns>
    internal static async Task<int> OnPageAsync(this WebApplication app, string usage, Func<IServiceProvider, ChangeWriter, Page, Task<int>> act)
    {
        await using var scope = app.Services.CreateAsyncScope();
        try
        {
            await OpenStoreAsync(scope.ServiceProvider);
            var writer = scope.ServiceProvider.GetRequiredService<ChangeWriter>();
            var where = app.Configuration["page"];
            return await writer.FindPageAsync(where) is { } page
                ? await act(scope.ServiceProvider, writer, page)
                : await RefuseAsync($"There is no page at '{where}'. Usage: {usage}", Refused);
        }
        catch (RuleViolation violation)
        {
            return await RefuseAsync($"{violation.Message} Usage: {usage}", Refused);
        }
        catch (Exception exception) when (StoreSetup.IsOutage(exception))
        {
            return await RefuseAsync($"The database cannot be reached: {exception.GetBaseException().Message}", Refused);
        }
    }

    /// <summary>The page that <c>--page</c> names by its slug or host; without it, the first. Null when there is none at that place.</summary>
    internal static async Task<Page?> FindPageAsync(this ChangeWriter writer, string? where) =>
        where is null
            ? await writer.PageAsync(CancellationToken.None)
            : await writer.Db.Pages.AsNoTracking().Open().FirstOrDefaultAsync(row => row.Slug == where || row.HostName == where);

    internal static async Task<int> RefuseAsync(string message, int code)
    {
        await Console.Error.WriteLineAsync(message);
        return code;
    }
}
