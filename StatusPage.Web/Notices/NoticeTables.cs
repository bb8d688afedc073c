using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Notices;
using StatusPage.Domain.Pages;

namespace StatusPage.Web.Notices;

internal sealed class NoticeTables : IEntityTypeConfiguration<Notice>
{
    public void Configure(EntityTypeBuilder<Notice> table)
    {
        table.HasOne<Page>().WithMany().HasForeignKey(notice => notice.PageId).OnDelete(DeleteBehavior.Restrict);
        // Two nodes that write the same notice: one of them is refused.
        table.HasIndex(notice => notice.Key).IsUnique();
        table.HasIndex(notice => new { notice.State, notice.NextAttemptAt });
        table.Property(notice => notice.Key).HasMaxLength(200);
        table.Property(notice => notice.Address).HasMaxLength(320);
        table.Property(notice => notice.Subject).HasMaxLength(Notice.MaxSubjectLength);
        table.Property(notice => notice.Body).HasMaxLength(Notice.MaxBodyLength);
        table.Property(notice => notice.Action).HasMaxLength(100);
        table.Property(notice => notice.LastError).HasMaxLength(500);
    }
}
