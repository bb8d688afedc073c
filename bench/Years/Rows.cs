using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using StatusPage.Bench;
using StatusPage.Domain;
using StatusPage.Domain.Audit;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Metrics;
using StatusPage.Domain.Pages;
using StatusPage.Tests.Host;
using StatusPage.Web.Data;

namespace Years;

/// <summary>Five years of a busy page with everything that a store gathers by them.</summary>
internal static class Rows
{
    private const int YearsBack = 5;
    private const int Incidents = 3_000;
    private const int Components = 40;
    private const int AuditEntries = 40_000;

    /// <summary>Days in which all deliveries are there one by one; those before are counted.</summary>
    private const int DaysInFull = 90;

    private const int Portion = 1_000;

    public static async Task SeedAsync(TempFolder folder, string[] store, int subscribers, int deliveries)
    {
        var began = Stopwatch.GetTimestamp();
        await EmptyStore.CopyToAsync(folder.Path);
        await Seed.RunAsync(folder.Path, YearsBack, Incidents, Components, store);
        await using var app = StatusPage.Web.Program.Build([
            "--applicationName",
            "StatusPage.Web",
            "--DataDirectory",
            folder.Path,
            "--Log:Level",
            "Error",
            .. store,
        ]);
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(15));
        var page = await db.Pages.AsNoTracking().SingleAsync();
        await using (var own = app.Services.CreateAsyncScope())
            await ManySubscribers.AddAsync(own.ServiceProvider.GetRequiredService<StatusDb>(), page.Id, subscribers);
        var told = await AnnounceAsync(db, page, deliveries / subscribers);
        await DeliverAsync(db, told);
        await MeasureAsync(db, page);
        await AuditAsync(db, page);
        var analyze = db is PostgresStatusDb ? "VACUUM (ANALYZE)" : "PRAGMA optimize = 0x10002";
        await db.Database.ExecuteSqlRawAsync(analyze);
        Console.WriteLine(
            $"Seeded in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s: {await db.Incidents.CountAsync():N0} incidents, "
                + $"{await db.Announcements.CountAsync():N0} announcements, {subscribers:N0} subscribers, "
                + $"{await db.Deliveries.CountAsync():N0} deliveries, {await db.Audit.CountAsync():N0} entries of the audit, "
                + $"{await db.MetricPoints.CountAsync():N0} metric points."
        );
    }

    /// <summary>One for each update of five years. Only the newest have their deliveries still.</summary>
    private static async Task<List<AnnouncementId>> AnnounceAsync(StatusDb db, Page page, int inFull)
    {
        var now = DateTimeOffset.UtcNow;
        var incidents = await db
            .Incidents.AsNoTracking()
            .Include(incident => incident.Updates)
            .OrderByDescending(incident => incident.StartedAt)
            .ToListAsync();
        var updates = incidents
            .SelectMany(incident => incident.Updates.Select(update => (incident, update)))
            .OrderByDescending(one => one.update.PostedAt)
            .ToList();
        var all = updates.ConvertAll(one => Announcement.Of(one.incident, one.update).First());
        foreach (var chunk in all.Chunk(Portion))
        {
            db.Announcements.AddRange(chunk);
            await db.SaveChangesAsync();
            db.ChangeTracker.Clear();
        }
        var recent = all.Take(inFull).Select(one => one.Id).ToList();
        await db.Announcements.ExecuteUpdateAsync(set => set.SetProperty(row => row.FannedOutAt, row => row.CreatedAt));
        await db.Announcements.Where(row => !recent.Contains(row.Id)).ExecuteUpdateAsync(set => set.SetProperty(row => row.CountedAt, now));
        // As busy as a page can be: everything that is still there in full was told within the last 90 days.
        foreach (var (id, number) in recent.Select((id, number) => (id, number)))
        {
            var at = now.AddDays(-DaysInFull * (double)number / inFull);
            await db
                .Announcements.Where(row => row.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.CreatedAt, at).SetProperty(row => row.FannedOutAt, at));
        }
        await db.Database.ExecuteSqlRawAsync(
            """
            INSERT INTO "DeliveryTotals" ("AnnouncementId", "Channel", "State", "Count")
            SELECT "Id", 0, 2, 50000 FROM "Announcements" WHERE "CountedAt" IS NOT NULL
            """
        );
        return recent;
    }

    /// <summary>Nearly all were sent; one in a thousand failed.</summary>
    private static async Task DeliverAsync(StatusDb db, List<AnnouncementId> announcements)
    {
        foreach (var id in announcements)
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "Deliveries" ("AnnouncementId", "RecipientId", "Channel", "State", "Attempts", "NextAttemptAt", "LastError", "FinishedAt")
                SELECT a."Id", s."Id", 0, CASE WHEN s."Email" LIKE '%777@%' THEN 3 ELSE 2 END, 1, a."CreatedAt",
                    CASE WHEN s."Email" LIKE '%777@%' THEN '550 no such user' END, a."CreatedAt"
                FROM "Announcements" a CROSS JOIN "Subscribers" s WHERE a."Id" = {id.Value} AND s."AudienceId" IS NULL
                """
            );
        }
    }

    private static async Task MeasureAsync(StatusDb db, Page page)
    {
        var now = MetricSeries.Floor(DateTimeOffset.UtcNow, MetricSeries.Step);
        for (var number = 0; number < 5; number++)
        {
            var metric = Metric.Create(page.Id, now).Describe($"Response time {number + 1}", "ms", 0, isShown: true, null, null, now);
            db.Metrics.Add(metric);
            for (var at = now.AddDays(-30); at < now; at += MetricSeries.Step)
                db.MetricPoints.Add(
                    new()
                    {
                        MetricId = metric.Id,
                        At = at,
                        Mean = 40 + at.Minute % 7,
                        Count = 5,
                    }
                );
            await db.SaveChangesAsync();
            db.ChangeTracker.Clear();
        }
    }

    private static async Task AuditAsync(StatusDb db, Page page)
    {
        var at = DateTimeOffset.UtcNow.AddYears(-YearsBack);
        for (var done = 0; done < AuditEntries; done += Portion)
        {
            for (var i = 0; i < Portion; i++)
                db.Audit.Add(new(page.Id, $"person{i % 20}@acme.example", "incident.updated", $"Case {done + i}", at.AddHours(done + i), "192.0.2.1"));
            await db.SaveChangesAsync();
            db.ChangeTracker.Clear();
        }
    }
}
