using System.Text;
using MimeKit;
using MimeKit.Encodings;

namespace StatusPage.Web.Deliveries;

/// <summary>
/// A body that was encoded once for all recipients. The parts of a single recipient, the tokens of the links, have the same length for everybody and are
/// written over the previous ones. So a further message costs next to nothing.
/// </summary>
internal sealed class ReadyBody : MimeEntity
{
    private readonly byte[] _bytes;
    private readonly IReadOnlyList<(int Offset, int Slot)> _places;

    /// <param name="body">Its bytes are copied, because they will be changed.</param>
    public ReadyBody(EncodedBody body)
        : base("multipart", body.Subtype)
    {
        ContentType.Boundary = body.Boundary;
        _bytes = [.. body.Bytes];
        _places = body.Places;
    }

    /// <param name="tokens">One for each slot, each of the length that the slots were encoded with.</param>
    public void Fill(ReadOnlySpan<string> tokens)
    {
        foreach (var (offset, slot) in _places)
            Encoding.ASCII.GetBytes(tokens[slot], _bytes.AsSpan(offset));
    }

    /// <summary>It is already seven-bit with short lines.</summary>
    public override void Prepare(EncodingConstraint constraint, int maxLineLength = 78) { }

    public override void WriteTo(FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default)
    {
        base.WriteTo(options, stream, contentOnly, cancellationToken);
        stream.Write(_bytes);
    }

    public override async Task WriteToAsync(FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default)
    {
        await base.WriteToAsync(options, stream, contentOnly, cancellationToken);
        await stream.WriteAsync(_bytes, cancellationToken);
    }
}

/// <summary>Text and HTML in quoted-printable (RFC 2045, section 6.7), with the places of the slots; an event of a calendar may be attached.</summary>
public sealed record EncodedBody(byte[] Bytes, string Subtype, string Boundary, IReadOnlyList<(int Offset, int Slot)> Places)
{
    /// <param name="marks">The placeholders in the texts; the index is the slot.</param>
    /// <param name="length">Characters of every token.</param>
    /// <param name="calendar">What iCalendar publishes (RFC 5546, section 1.4: the method stands in the part's type, too); null: nothing.</param>
    public static EncodedBody Of(string text, string html, IReadOnlyList<string> marks, int length, byte[]? calendar = null)
    {
        var (boundary, outer) = (NewBoundary(), NewBoundary());
        using var bytes = new MemoryStream();
        var places = new List<(int, int)>();
        if (calendar is not null)
            Ascii($"--{outer}\r\nContent-Type: multipart/alternative; boundary=\"{boundary}\"\r\n\r\n");
        foreach (var (subtype, content) in new[] { ("plain", text), ("html", html) })
        {
            Ascii($"--{boundary}\r\nContent-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
            Encode(content);
            Ascii("\r\n");
        }
        Ascii($"--{boundary}--\r\n");
        if (calendar is not null)
            Ascii(
                $"--{outer}\r\nContent-Type: text/calendar; charset=utf-8; method=PUBLISH; name=maintenance.ics\r\n"
                    + "Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=maintenance.ics\r\n\r\n"
                    + $"{Convert.ToBase64String(calendar, Base64FormattingOptions.InsertLineBreaks)}\r\n--{outer}--\r\n"
            );
        return calendar is null ? new(bytes.ToArray(), "alternative", boundary, places) : new(bytes.ToArray(), "mixed", outer, places);

        static string NewBoundary() => $"=_{Guid.NewGuid():N}";

        void Ascii(string line) => bytes.Write(Encoding.ASCII.GetBytes(line));

        void Encode(string content)
        {
            while (true)
            {
                var (at, slot) = marks
                    .Select((mark, index) => (At: content.IndexOf(mark, StringComparison.Ordinal), Slot: index))
                    .Where(found => found.At >= 0)
                    .DefaultIfEmpty((content.Length, -1))
                    .Min();
                QuotedPrintable(content[..at]);
                if (slot < 0)
                    return;
                // A soft line break on either side, so that no line gets too long.
                Ascii("=\r\n");
                places.Add(((int)bytes.Length, slot));
                Ascii(new string('x', length) + "=\r\n");
                content = content[(at + marks[slot].Length)..];
            }
        }

        void QuotedPrintable(string part)
        {
            var input = Encoding.UTF8.GetBytes(part.ReplaceLineEndings("\n"));
            var encoder = new QuotedPrintableEncoder();
            var output = new byte[encoder.EstimateOutputLength(input.Length)];
            var count = encoder.Flush(input, 0, input.Length, output);
            for (var i = 0; i < count; i++)
            {
                if (output[i] == '\n')
                    bytes.WriteByte((byte)'\r');
                bytes.WriteByte(output[i]);
            }
        }
    }
}
