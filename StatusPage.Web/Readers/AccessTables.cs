using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Readers;
using StatusPage.Web.Data;

namespace StatusPage.Web.Readers;

internal sealed class AccessTables : IEntityTypeConfiguration<PageAccess>, IEntityTypeConfiguration<ReadToken>
{
    public void Configure(EntityTypeBuilder<PageAccess> table)
    {
        table.ToTable("PageAccess");
        table.HasKey(access => access.PageId);
        table.HasOne<Page>().WithOne().HasForeignKey<PageAccess>(access => access.PageId).OnDelete(DeleteBehavior.Restrict);
        table.Property(access => access.PasswordHash).HasMaxLength(200);
        table.Property(access => access.Stamp).HasMaxLength(PublicId.Length);
        table.Property(access => access.People).HasConversion<Conversions.List<string>>(new Conversions.ListComparer<string>());
        table.Ignore(access => access.IsPrivate);
    }

    public void Configure(EntityTypeBuilder<ReadToken> table)
    {
        table.ToTable("ReadTokens");
        table.HasOne<Page>().WithMany().HasForeignKey(token => token.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasIndex(token => token.Hash).IsUnique();
        table.HasIndex(token => token.PageId);
        table.Property(token => token.Name).HasMaxLength(ReadToken.MaxNameLength);
        table.Property(token => token.Hash).HasMaxLength(64);
    }
}

internal static class AccessQueries
{
    /// <summary>Null: everybody may read the page.</summary>
    public static async Task<AccessRule?> AccessAsync(this StatusDb db, PageId page, CancellationToken cancel)
    {
        if (await db.PageAccess.AsNoTracking().FirstOrDefaultAsync(row => row.PageId == page && row.PrivateSince != null, cancel) is not { } access)
            return null;
        return access.Rule(
            await db
                .ReadTokens.Where(row => row.PageId == page && row.RevokedAt == null)
                .OrderBy(row => row.Id)
                .Select(row => new TokenRule(row.Id, row.Hash))
                .ToListAsync(cancel)
        );
    }

    /// <summary>The rules of private pages, by what was announced there; what was announced on pages for everybody is not among them.</summary>
    public static async Task<IReadOnlyDictionary<AnnouncementId, AccessRule>> AccessAsync(
        this StatusDb db,
        IEnumerable<AnnouncementId> announcements,
        CancellationToken cancel
    )
    {
        var ids = announcements.Distinct().ToList();
        var rows = await db
            .Announcements.AsNoTracking()
            .Where(row => ids.Contains(row.Id))
            .Join(
                db.PageAccess.AsNoTracking().Where(row => row.PrivateSince != null),
                row => row.PageId,
                row => row.PageId,
                (row, access) => new { row.Id, access }
            )
            .ToListAsync(cancel);
        return rows.ToDictionary(row => row.Id, row => row.access.Rule([])!);
    }
}
