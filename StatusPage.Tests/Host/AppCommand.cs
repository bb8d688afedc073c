using System.Text;

namespace StatusPage.Tests.Host;

/// <summary>
/// A run of the program that ends by itself: a command, or a start that is refused. It runs in this process, because a process of its own costs a hundred
/// times as much.
/// </summary>
public static class AppCommand
{
    private static readonly AsyncLocal<StringBuilder?> Printed = new();
    private static readonly Lazy<bool> Divided = new(Divide);

    /// <returns>The exit code, and all that was printed.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] args)
    {
        _ = Divided.Value;
        var printed = new StringBuilder();
        var code = await Task.Run(() =>
            {
                Printed.Value = printed;
                // Named by the program, and not by the tests that run it.
                return Web.Program.Main([.. args, "--applicationName", "StatusPage.Web"]);
            })
            .WaitAsync(Eventually.Deadline);
        lock (printed)
            return (code, printed.ToString());
    }

    private static bool Divide()
    {
        Console.SetOut(TextWriter.Synchronized(new Divider(Console.Out)));
        Console.SetError(TextWriter.Synchronized(new Divider(Console.Error)));
        return true;
    }

    /// <summary>Gives what a run prints to that run, and leaves everything else where it belongs.</summary>
    private sealed class Divider(TextWriter others) : TextWriter
    {
        public override Encoding Encoding => others.Encoding;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

        public override void Write(string? value)
        {
            if (Printed.Value is not { } printed)
                others.Write(value);
            else
                lock (printed)
                    printed.Append(value);
        }

        public override void WriteLine(string? value) => Write(value + NewLine);

        public override void Flush() => others.Flush();
    }
}
