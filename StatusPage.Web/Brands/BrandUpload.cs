using System.Buffers.Binary;
using StatusPage.Domain;
using StatusPage.Domain.Brands;

namespace StatusPage.Web.Brands;

/// <summary>A picture as it may be served, known by its content and not by its name.</summary>
/// <param name="Removed">What was taken out of an SVG that somebody may miss.</param>
internal sealed record BrandUpload(string Extension, byte[] Bytes, (int Width, int Height) Size, IReadOnlyList<string> Removed)
{
    /// <summary>How much longer one side of an icon may be.</summary>
    private const double Oblong = 1.1;

    /// <exception cref="RuleViolation">With what to do.</exception>
    public static BrandUpload Check(byte[] bytes, string field)
    {
        if (bytes.Length > BrandPicture.MaxBytes)
            throw new RuleViolation($"The picture has {bytes.Length / 1024:N0} KB. {BrandPicture.MaxBytes / 1024} KB are taken: make it smaller.", field);
        var found =
            Raster(bytes) is { } raster ? new BrandUpload(raster.Extension, bytes, raster.Size, [])
            : SvgCleaner.Clean(bytes, field) is { } svg ? new BrandUpload("svg", svg.Bytes, svg.Size, svg.Removed)
            : throw new RuleViolation("This is no PNG, JPEG, WebP or SVG picture, whatever its name says.", field);
        var (width, height) = found.Size;
        if (found.Extension != "svg" && (width > BrandPicture.MaxSide || height > BrandPicture.MaxSide))
            throw new RuleViolation(
                $"The picture has {width:N0} × {height:N0} pixels. {BrandPicture.MaxSide:N0} to each side are taken: make it smaller.",
                field
            );
        return found;
    }

    public BrandUpload AsIcon(string field) =>
        Size.Width <= Size.Height * Oblong && Size.Height <= Size.Width * Oblong
            ? this
            : throw new RuleViolation($"An icon is as wide as it is high. This picture has {Size.Width} × {Size.Height}.", field);

    /// <summary>Null for anything else, and for a picture that ends before its end.</summary>
    private static (string Extension, (int Width, int Height) Size)? Raster(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith<byte>([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
            return bytes.Length > 32 && bytes[12..].StartsWith("IHDR"u8) && bytes.IndexOf("IEND"u8) > 0
                ? Sized("png", BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]))
                : null;
        if (bytes.StartsWith<byte>([0xff, 0xd8, 0xff]))
            return Jpeg(bytes);
        return bytes.StartsWith("RIFF"u8) && bytes.Length > 30 && bytes[8..].StartsWith("WEBP"u8) ? WebP(bytes) : null;
    }

    /// <summary>ITU T.81, B.1: markers, each with the length of what follows. The frame header has the size.</summary>
    private static (string, (int, int))? Jpeg(ReadOnlySpan<byte> bytes)
    {
        for (var at = 2; at + 9 < bytes.Length && bytes[at] == 0xff; )
        {
            var marker = bytes[at + 1];
            if (marker == 0xff)
            {
                at++;
                continue;
            }
            if (marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc))
                return bytes[at..].IndexOf<byte>([0xff, 0xd9]) > 0
                    ? Sized("jpg", BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 5)..]))
                    : null;
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
        }
        return null;
    }

    /// <summary>RFC 9649, section 2: lossy, lossless, or with a header of its own.</summary>
    private static (string, (int, int))? WebP(ReadOnlySpan<byte> bytes)
    {
        var chunk = bytes[12..16];
        if (chunk.SequenceEqual("VP8X"u8))
            return Sized("webp", 1 + Three(bytes[24..]), 1 + Three(bytes[27..]));
        if (chunk.SequenceEqual("VP8L"u8) && bytes[20] == 0x2f)
            return Sized(
                "webp",
                1 + (BinaryPrimitives.ReadUInt32LittleEndian(bytes[21..]) & 0x3fff),
                1 + ((BinaryPrimitives.ReadUInt32LittleEndian(bytes[21..]) >> 14) & 0x3fff)
            );
        return chunk.SequenceEqual("VP8 "u8) && bytes[23..].StartsWith<byte>([0x9d, 0x01, 0x2a])
            ? Sized("webp", BinaryPrimitives.ReadUInt16LittleEndian(bytes[26..]) & 0x3fffu, BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]) & 0x3fffu)
            : null;

        static uint Three(ReadOnlySpan<byte> at) => (uint)(at[0] | (at[1] << 8) | (at[2] << 16));
    }

    private static (string, (int, int))? Sized(string extension, uint width, uint height) =>
        width is 0 or > int.MaxValue || height is 0 or > int.MaxValue ? null : (extension, ((int)width, (int)height));
}
