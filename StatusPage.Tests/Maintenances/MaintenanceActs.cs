using StatusPage.Domain;
using StatusPage.Domain.Maintenances;

namespace StatusPage.Tests.Maintenances;

/// <summary>Short names for the requests that the desk makes.</summary>
internal static class MaintenanceActs
{
    public static MaintenanceChange? Post(this Maintenance work, MaintenancePhase phase, string? news, bool notifies, string author, DateTimeOffset now) =>
        work.Change(
            new()
            {
                Phase = phase,
                News = news,
                Notifies = notifies,
                Author = author,
            },
            now
        );

    public static MaintenanceChange? Reschedule(
        this Maintenance work,
        string title,
        string body,
        DateTimeOffset from,
        DateTimeOffset until,
        ComponentId[] components,
        DateTimeOffset now,
        MaintenanceConduct? conduct = null
    ) =>
        work.Change(
            new()
            {
                Title = title,
                Body = body,
                From = from,
                Until = until,
                Components = components,
                Conduct = conduct,
                Author = "ann",
            },
            now
        );

    /// <summary>Everything that is stored of it.</summary>
    public static string State(this Maintenance work) =>
        string.Join(
            '|',
            work.Title,
            work.Body,
            work.Plan,
            work.Conduct,
            string.Join(',', work.ComponentIds),
            work.PlannedAt.Ticks,
            work.UpdatedAt.Ticks,
            work.CancelledAt?.Ticks,
            work.Version,
            string.Join(',', work.Posts.Select(post => $"{post.Id}{post.Number}{post.Phase}{post.Body}{post.PostedAt.Ticks}"))
        );
}
