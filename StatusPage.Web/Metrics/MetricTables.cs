using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain;
using StatusPage.Domain.Metrics;
using StatusPage.Domain.Pages;
using StatusPage.Web.Data;

namespace StatusPage.Web.Metrics;

internal sealed class MetricTables : IEntityTypeConfiguration<Metric>, IEntityTypeConfiguration<MetricPoint>
{
    public void Configure(EntityTypeBuilder<Metric> table)
    {
        table.HasKey(metric => metric.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(metric => metric.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasIndex(metric => metric.PageId);
        table.Property(metric => metric.Name).HasMaxLength(Metric.MaxNameLength);
        table.Property(metric => metric.Suffix).HasMaxLength(Metric.MaxSuffixLength);
        table.Property(metric => metric.Address).HasMaxLength(PrometheusAddress.MaxLength);
        table.Property(metric => metric.Query).HasMaxLength(Metric.MaxQueryLength);
        table.Property(metric => metric.TooltipDescription).HasMaxLength(Metric.MaxTooltipLength);
        table.Property(metric => metric.Identifier).HasMaxLength(Metric.MaxIdentifierLength);
        table.Property(metric => metric.LastError).HasMaxLength(500);
    }

    public void Configure(EntityTypeBuilder<MetricPoint> table)
    {
        table.HasKey(point => new { point.MetricId, point.At });
        table.HasOne<Metric>().WithMany().HasForeignKey(point => point.MetricId).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>One hour of a metric, as summed up by the store.</summary>
internal sealed record HourRow(string MetricId, long At, double Mean, long Count);

internal static class MetricQueries
{
    /// <summary>The charts of the metrics that are shown: a day point by point, a month hour by hour.</summary>
    public static async Task<IReadOnlyList<MetricView>> MetricViewsAsync(this StatusDb db, PageId page, DateTimeOffset now, CancellationToken cancel)
    {
        var metrics = await db.Metrics.AsNoTracking().Where(row => row.PageId == page && row.IsShown).OrderBy(row => row.CreatedAt).ToListAsync(cancel);
        if (metrics.Count == 0)
            return [];
        var ids = metrics.ConvertAll(metric => metric.Id);
        var (day, month) = (now.AddDays(-1) - MetricSeries.Step, now - MetricSeries.Kept);
        var fine = (await db.MetricPoints.AsNoTracking().Where(row => ids.Contains(row.MetricId) && row.At >= day).ToListAsync(cancel)).ToLookup(point =>
            point.MetricId
        );
        var hours = (
            await db
                .Database.SqlQueryRaw<HourRow>(
                    """
                    SELECT "MetricId", ("At" / 3600000) * 3600000 AS "At", SUM("Mean" * "Count") / SUM("Count") AS "Mean",
                      CAST(SUM("Count") AS BIGINT) AS "Count"
                    FROM "MetricPoints" WHERE "At" >= {0} AND "MetricId" IN (SELECT "Id" FROM "Metrics" WHERE "PageId" = {1})
                    GROUP BY "MetricId", ("At" / 3600000) * 3600000
                    """,
                    month.ToUnixTimeMilliseconds(),
                    page.Value
                )
                .ToListAsync(cancel)
        ).ToLookup(row => row.MetricId);
        return
        [
            .. metrics.Select(metric =>
                MetricSeries.Tell(
                    metric,
                    [.. fine[metric.Id]],
                    [
                        .. hours[metric.Id.Value]
                            .Select(row => new MetricPoint
                            {
                                MetricId = metric.Id,
                                At = DateTimeOffset.FromUnixTimeMilliseconds(row.At),
                                Mean = row.Mean,
                                Count = (int)row.Count,
                            }),
                    ],
                    now
                )
            ),
        ];
    }

    /// <summary>
    /// Adds values to the means of their five minutes. Each five minutes take one atomic statement in either store, so that concurrent pushes lose
    /// nothing.
    /// </summary>
    public static async Task AddValuesAsync(
        this StatusDb db,
        MetricId metric,
        IEnumerable<(DateTimeOffset At, double Value)> values,
        CancellationToken cancel
    )
    {
        foreach (var step in values.GroupBy(value => MetricSeries.Floor(value.At, MetricSeries.Step)))
        {
            var (mean, count) = (step.Average(value => value.Value), step.Count());
            await db.Database.ExecuteSqlRawAsync(
                """
                INSERT INTO "MetricPoints" ("MetricId", "At", "Mean", "Count") VALUES ({0}, {1}, {2}, {3})
                ON CONFLICT ("MetricId", "At") DO UPDATE SET
                  "Mean" = ("MetricPoints"."Mean" * "MetricPoints"."Count" + excluded."Mean" * excluded."Count")
                    / ("MetricPoints"."Count" + excluded."Count"),
                  "Count" = "MetricPoints"."Count" + excluded."Count"
                """,
                [metric.Value, step.Key.ToUnixTimeMilliseconds(), mean, count],
                cancel
            );
        }
    }
}
