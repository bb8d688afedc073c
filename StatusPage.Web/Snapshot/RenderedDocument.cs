using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace StatusPage.Web.Snapshot;

/// <summary>What a public document is, before it is compressed and given its headers.</summary>
/// <param name="IsWorded">Made of words, so that it is there in every language.</param>
/// <param name="IsFeed">Kept by programs that know its items by their addresses, so that these do not change with the reader's preferred language.</param>
/// <param name="Headers">Headers beside those of caching, such as a Content-Security-Policy; built once and shared.</param>
public sealed record DocumentKind(
    string ContentType,
    string CacheControl,
    IReadOnlyList<KeyValuePair<string, StringValues>> Headers,
    bool IsWorded = false,
    bool IsFeed = false
);

/// <summary>The bytes of one public address: plain, gzip and Brotli, each with its strong ETag. Immutable.</summary>
public sealed class RenderedDocument
{
    /// <summary>Bytes; below this, compression gains less than its header costs.</summary>
    private const int WorthCompressing = 200;

    private RenderedDocument(DocumentKind kind, string hash, byte[] body, DateTimeOffset lastModified)
    {
        Kind = kind;
        Hash = hash;
        LastModified = DateTimeOffset.FromUnixTimeSeconds(lastModified.ToUnixTimeSeconds());
        LastModifiedHeader = LastModified.ToString("R", CultureInfo.InvariantCulture);
        Plain = new(body, $"\"{hash}\"", StringValues.Empty);
        if (body.Length < WorthCompressing)
            return;
        Gzip = new(Compress(body, stream => new GZipStream(stream, CompressionLevel.SmallestSize)), $"\"{hash}-gz\"", "gzip");
        Brotli = new(Compress(body, stream => new BrotliStream(stream, new BrotliCompressionOptions { Quality = BrotliQuality })), $"\"{hash}-br\"", "br");
    }

    public DocumentKind Kind { get; }

    /// <summary>Names the plain bytes and the kind; equal hash, equal document.</summary>
    public string Hash { get; }
    public DateTimeOffset LastModified { get; }
    public StringValues LastModifiedHeader { get; }
    public Variant Plain { get; }
    public Variant? Gzip { get; }
    public Variant? Brotli { get; }

    /// <summary>Bytes held in memory.</summary>
    public int Size => Plain.Body.Length + (Gzip?.Body.Length ?? 0) + (Brotli?.Body.Length ?? 0);

    /// <summary>One encoding of the document.</summary>
    public sealed record Variant(byte[] Body, StringValues ETag, StringValues Encoding)
    {
        public string Tag { get; } = ETag.ToString();
    }

    /// <summary>Compresses the bytes, unless they are those of the document that stood there before.</summary>
    public static RenderedDocument Of(DocumentKind kind, byte[] body, DateTimeOffset lastModified, RenderedDocument? before)
    {
        var hash = HashOf(kind, body);
        if (before?.Hash == hash)
            return before;
        // Dates count whole seconds; two changes within one must not bear the same date.
        if (before is not null && lastModified < before.LastModified.AddSeconds(1))
            lastModified = before.LastModified.AddSeconds(1);
        return new(kind, hash, body, lastModified);
    }

    private static string HashOf(DocumentKind kind, byte[] body)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(Encoding.UTF8.GetBytes(kind.ContentType + kind.CacheControl));
        sha.AppendData(body);
        return Convert.ToHexStringLower(sha.GetHashAndReset().AsSpan(0, 12));
    }

    /// <summary>Levels above 5 take several times as long to save some per cent, on bytes that the next post may replace.</summary>
    private const int BrotliQuality = 5;

    private static byte[] Compress(byte[] body, Func<Stream, Stream> encoder)
    {
        using var target = new MemoryStream();
        using (var stream = encoder(target))
            stream.Write(body);
        return target.ToArray();
    }
}
