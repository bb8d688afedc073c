using System.Text;

namespace StatusPage.Tests.Host;

/// <summary>What a program in this process prints, apart from what others print.</summary>
public sealed class Prints
{
    private static readonly AsyncLocal<Prints?> Current = new();
    private static readonly Lazy<bool> Divided = new(Divide);

    /// <summary>Whoever looks at the logs of a test wants to see them where they come.</summary>
    private static readonly bool IsShown = Environment.GetEnvironmentVariable("TEST_LOG_LEVEL") is not null;

    private readonly StringBuilder _text = new();

    /// <summary>Everything so far.</summary>
    public string Text
    {
        get
        {
            lock (_text)
                return _text.ToString();
        }
    }

    /// <summary>Whatever the caller prints from here on, and all that it starts, comes here. Requests do not count: each has a flow of its own.</summary>
    public void BeginHere()
    {
        _ = Divided.Value;
        Current.Value = this;
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
            if (Current.Value is not { } prints)
                others.Write(value);
            else
            {
                if (IsShown)
                    others.Write(value);
                lock (prints._text)
                    prints._text.Append(value);
            }
        }

        public override void WriteLine(string? value) => Write(value + NewLine);

        public override void Flush() => others.Flush();
    }
}
