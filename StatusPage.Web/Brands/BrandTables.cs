using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain;
using StatusPage.Domain.Brands;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Data;

namespace StatusPage.Web.Brands;

internal sealed class BrandTables : IEntityTypeConfiguration<BrandPicture>
{
    public void Configure(EntityTypeBuilder<BrandPicture> table)
    {
        table.HasKey(picture => new { picture.PageId, picture.File });
        table.HasOne<Page>().WithMany().HasForeignKey(picture => picture.PageId).OnDelete(DeleteBehavior.Cascade);
        table.Property(picture => picture.File).HasMaxLength(Brand.MaxFileLength);
    }
}

internal static class BrandQueries
{
    private const int Kept = 64;

    /// <summary>Their names name their content, so they are read once and not with every edition.</summary>
    private static readonly ConcurrentDictionary<(PageId, string), PictureView> Read = new();

    /// <summary>The pictures that a page shows. One that is lost is left out, as a page must not vanish over its looks.</summary>
    public static async Task<IReadOnlyList<PictureView>> PicturesAsync(this StatusDb db, Page page, CancellationToken cancel)
    {
        var found = new List<PictureView>();
        foreach (var file in page.Brand.Files.Distinct())
        {
            if (!Read.TryGetValue((page.Id, file), out var picture))
            {
                var row = await db.BrandPictures.AsNoTracking().FirstOrDefaultAsync(row => row.PageId == page.Id && row.File == file, cancel);
                if (row is null)
                    continue;
                if (Read.Count >= Kept)
                    Read.Clear();
                Read[(page.Id, file)] = picture = new(row.File, row.Bytes, row.Width, row.Height);
            }
            found.Add(picture);
        }
        return found;
    }
}
