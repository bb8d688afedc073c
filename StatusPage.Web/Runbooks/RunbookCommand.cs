using StatusPage.Domain;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Runbooks;

/// <summary>Takes the runbooks of a folder, and prints a line for each file.</summary>
public static class RunbookCommand
{
    public const string Usage = "runbook import FOLDER [--page SLUG|HOST]";

    /// <param name="args">What follows <c>runbook import</c>.</param>
    /// <returns>0 when every file was taken, 1 when one was refused or nothing could be done, 2 when the command was not understood.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [{ Length: > 0 } folder, .. var rest] || folder[0] == '-')
            return await Commands.RefuseAsync($"Say which folder. Usage: {Usage}", Commands.NotUnderstood);
        if (!Directory.Exists(folder))
            return await Commands.RefuseAsync($"There is no folder {folder}. Usage: {Usage}", Commands.Refused);
        await using var app = Commands.Build(rest);
        var files = RunbookFolder.Read(folder);
        if (files.Count == 0)
            return await Commands.RefuseAsync($"There is no file in {folder} whose name ends with .md.", Commands.Refused);
        return await app.OnPageAsync(
            Usage,
            async (services, _, page) =>
            {
                try
                {
                    var outcomes = await services.GetRequiredService<RunbookImport>().RunAsync(page.Id, files, "command line", CancellationToken.None);
                    foreach (var outcome in outcomes)
                        await (outcome.IsRefused ? Console.Error : Console.Out).WriteLineAsync($"{outcome.File}: {outcome.Outcome}");
                    return outcomes.Any(outcome => outcome.IsRefused) ? Commands.Refused : Commands.Done;
                }
                catch (RuleViolation violation)
                {
                    // It speaks of the files; how the command is called has nothing to do with it.
                    return await Commands.RefuseAsync(violation.Message, Commands.Refused);
                }
            }
        );
    }
}
