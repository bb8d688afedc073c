using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Exercises;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;

namespace StatusPage.Web.Exercises;

internal sealed class ExerciseTables : IEntityTypeConfiguration<Exercise>, IEntityTypeConfiguration<ExerciseLine>
{
    public void Configure(EntityTypeBuilder<Exercise> table)
    {
        table.HasKey(exercise => exercise.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(exercise => exercise.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasMany(exercise => exercise.Lines).WithOne().HasForeignKey(line => line.ExerciseId).OnDelete(DeleteBehavior.Restrict);
        table.HasIndex(exercise => new { exercise.PageId, exercise.StartedAt });
        table.Property(exercise => exercise.Script).HasMaxLength(60);
        table.Property(exercise => exercise.Title).HasMaxLength(Incident.MaxTitleLength);
        table.Property(exercise => exercise.Leader).HasMaxLength(300);
        table.Property(exercise => exercise.Version).IsConcurrencyToken();
        table.Ignore(exercise => exercise.Subject);
        table.Ignore(exercise => exercise.Updates);
        table.Ignore(exercise => exercise.Phase);
        table.Ignore(exercise => exercise.TakenBy);
        table.Ignore(exercise => exercise.Postmortem);
        table.Ignore(exercise => exercise.Next);
    }

    public void Configure(EntityTypeBuilder<ExerciseLine> table)
    {
        table.HasKey(line => new { line.ExerciseId, line.Number });
        table.Property(line => line.Number).ValueGeneratedNever();
        table.Property(line => line.Body).HasMaxLength(UpdateContent.MaxBodyLength);
        table.Property(line => line.By).HasMaxLength(300);
        table.Property(line => line.ImpactSummary).HasMaxLength(UpdateContent.MaxFactLength);
        table.Property(line => line.TeamStatus).HasMaxLength(UpdateContent.MaxFactLength);
    }
}
