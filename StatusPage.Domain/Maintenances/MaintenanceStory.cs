using System.Security.Cryptography;
using System.Text;

namespace StatusPage.Domain.Maintenances;

/// <param name="IsByClock">Nobody posted it: the plan came to this point by itself.</param>
public sealed record MaintenanceEntry(UpdateId Id, MaintenancePhase Phase, string Body, DateTimeOffset At, bool Notifies, bool IsByClock);

/// <summary>The entries about a maintenance at an instant: people's posts, and the steps that the clock took.</summary>
public static class MaintenanceStory
{
    public const string Begun = "The maintenance has begun, as planned.";
    public const string Verified = "The work is done. We are verifying that everything works.";
    public const string Done = "The maintenance is complete.";

    /// <summary>The text of a post whose author only chose a phase.</summary>
    public static string NewsOf(MaintenancePhase phase) => $"The maintenance is {phase.Label().ToLowerInvariant()}.";

    /// <summary>The announcement itself; for a record, the statement that it is over.</summary>
    public static MaintenanceEntry Announcement(MaintenanceId id, string body, DateTimeOffset createdAt, MaintenancePlan plan, bool isBackfilled) =>
        isBackfilled
            ? new(UpdateId.Of(id.Value), MaintenancePhase.Completed, body, plan.Until, false, false)
            : new(UpdateId.Of(id.Value), MaintenancePhase.Scheduled, body, createdAt, false, false);

    /// <summary>Newest first; the last is the announcement itself.</summary>
    public static IReadOnlyList<MaintenanceEntry> Tell(Maintenance maintenance, DateTimeOffset now) =>
        Tell(
            Announcement(maintenance.Id, maintenance.Body, maintenance.CreatedAt, maintenance.Plan, maintenance.IsBackfilled),
            [
                .. maintenance
                    .Posts.OrderByDescending(post => post.Number)
                    .Select(post => new MaintenanceEntry(post.Id, post.Phase, post.Body, post.PostedAt, post.Notifies, false)),
            ],
            maintenance.Plan,
            maintenance.TellsPhases,
            now
        );

    /// <param name="posts">Newest first.</param>
    public static IReadOnlyList<MaintenanceEntry> Tell(
        MaintenanceEntry first,
        IReadOnlyList<MaintenanceEntry> posts,
        MaintenancePlan plan,
        bool tells,
        DateTimeOffset now
    )
    {
        var entries = new List<MaintenanceEntry>();
        if (plan.CompletedAt is null)
            ByClock(MaintenancePhase.Completed, plan.CompletesAt, Done);
        if (plan.VerifyingAt is null)
            ByClock(MaintenancePhase.Verifying, plan.VerifiesAt, Verified);
        if (plan.StartedAt is null)
            ByClock(MaintenancePhase.InProgress, plan.StartsAt, Begun);
        // The sort is stable, so of two entries at one instant the further phase stands on top.
        return [.. entries.Concat(posts).OrderByDescending(entry => entry.At), first];

        void ByClock(MaintenancePhase phase, DateTimeOffset? at, string body)
        {
            if (at is { } then && then <= now && !(plan.CompletesAt < then))
                entries.Add(new(IdOf(first.Id, phase), phase, body, then, tells, true));
        }
    }

    /// <summary>The same id on every node, though no row holds it.</summary>
    public static UpdateId IdOf(UpdateId maintenance, MaintenancePhase phase)
    {
        const string alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes($"{maintenance}.{phase.Code()}"));
        return UpdateId.Of(
            string.Create(
                PublicId.Length,
                hash,
                (id, bytes) =>
                {
                    for (var i = 0; i < id.Length; i++)
                        id[i] = alphabet[bytes[i] % alphabet.Length];
                }
            )
        );
    }
}
