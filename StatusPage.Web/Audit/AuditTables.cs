using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Audit;

namespace StatusPage.Web.Audit;

internal sealed class AuditTables : IEntityTypeConfiguration<AuditEntry>, IEntityTypeConfiguration<AuditHead>, IEntityTypeConfiguration<DailyHead>
{
    /// <summary>Characters: a hash cut to 64 bits in hex; a signature of a curve of up to 521 bits in base64url.</summary>
    private const int KeyLength = 16;
    private const int SignatureLength = 200;

    public void Configure(EntityTypeBuilder<AuditEntry> table)
    {
        table.ToTable("Audit");
        table.HasIndex(entry => new { entry.PageId, entry.At });
        table.HasIndex(entry => new { entry.PageId, entry.Id });
        table.Property(entry => entry.Actor).HasMaxLength(300);
        table.Property(entry => entry.Action).HasMaxLength(60);
        table.Property(entry => entry.Subject).HasMaxLength(AuditEntry.MaxSubjectLength);
        table.Property(entry => entry.From).HasMaxLength(60);
        table.Property(entry => entry.Hash).HasMaxLength(64);
    }

    public void Configure(EntityTypeBuilder<AuditHead> table)
    {
        table.ToTable("AuditHead");
        table.Property(head => head.Id).ValueGeneratedNever();
        table.Property(head => head.Hash).HasMaxLength(64);
        table.Property(head => head.Key).HasMaxLength(KeyLength);
        table.Property(head => head.Signature).HasMaxLength(SignatureLength);
        table.Ignore(head => head.Attested);
        table.HasData(new AuditHead());
    }

    public void Configure(EntityTypeBuilder<DailyHead> table)
    {
        table.HasKey(head => head.Day);
        table.Property(head => head.Hash).HasMaxLength(64);
        table.Property(head => head.Key).HasMaxLength(KeyLength);
        table.Property(head => head.Signature).HasMaxLength(SignatureLength);
        table.Ignore(head => head.Attested);
    }
}
