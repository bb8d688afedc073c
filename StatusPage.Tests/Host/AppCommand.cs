namespace StatusPage.Tests.Host;

/// <summary>
/// A run of the program that ends by itself: a command, or a start that is refused. It runs in this process, because a process of its own costs a hundred
/// times as much.
/// </summary>
public static class AppCommand
{
    /// <returns>The exit code, and all that was printed.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] args)
    {
        var printed = new Prints();
        var code = await Task.Run(() =>
            {
                printed.BeginHere();
                // Named by the program, and not by the tests that run it.
                return Web.Program.Main([.. args, "--applicationName", "StatusPage.Web"]);
            })
            .WaitAsync(Eventually.Deadline);
        return (code, printed.Text);
    }
}
