using System.Text;

namespace StatusPage.Web.Themes;

/// <summary>Collects what a template writes, up to a length that no mail needs.</summary>
internal sealed class BoundedText : StringWriter
{
    /// <summary>Characters; mail servers take some ten megabytes.</summary>
    private const int Most = 4_000_000;

    public BoundedText()
        : base(System.Globalization.CultureInfo.InvariantCulture) { }

    public override void Write(char value)
    {
        Check(1);
        base.Write(value);
    }

    public override void Write(string? value)
    {
        Check(value?.Length ?? 0);
        base.Write(value);
    }

    public override void Write(char[] buffer, int index, int count)
    {
        Check(count);
        base.Write(buffer, index, count);
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        Check(buffer.Length);
        base.Write(buffer);
    }

    public override void Write(StringBuilder? value)
    {
        Check(value?.Length ?? 0);
        base.Write(value);
    }

    public override Task WriteAsync(string? value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    public override Task WriteAsync(char value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    public override Task WriteAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return Task.CompletedTask;
    }

    private void Check(int more)
    {
        if (GetStringBuilder().Length + (long)more > Most)
            throw new InvalidOperationException($"The mail gets longer than {Most:N0} characters. The maximum is there so that it comes to an end.");
    }
}
