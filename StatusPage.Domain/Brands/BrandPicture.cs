namespace StatusPage.Domain.Brands;

/// <summary>A picture that an owner uploaded, as it is served: checked, and cleaned if it is an SVG.</summary>
public sealed class BrandPicture
{
    /// <summary>Bytes. It goes into the snapshot, so that the page keeps its looks without the store.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Pixels.</summary>
    public const int MaxSide = 4096;

    private BrandPicture() { }

    public PageId PageId { get; private init; }

    /// <summary>Names the content: logo.0123456789ab.png.</summary>
    public string File { get; private init; } = "";
    public byte[] Bytes { get; private init; } = [];

    /// <summary>Pixels, or the units of an SVG; null where it does not say.</summary>
    public int? Width { get; private init; }
    public int? Height { get; private init; }
    public DateTimeOffset UploadedAt { get; private init; }

    public static BrandPicture Of(PageId page, string file, byte[] bytes, (int Width, int Height)? size, DateTimeOffset now) =>
        new()
        {
            PageId = page,
            File = file,
            Bytes = bytes,
            Width = size?.Width,
            Height = size?.Height,
            UploadedAt = now,
        };
}
