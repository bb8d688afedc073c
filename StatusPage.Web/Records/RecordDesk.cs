using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Records;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Records;

/// <summary>A time as a form showed it and as it came back.</summary>
/// <param name="Shown">The value of the field when it was shown; what differs from it was typed.</param>
public sealed record TypedMoment(IncidentMoment Moment, string? Shown, string? Typed)
{
    public bool IsNew => (Shown ?? "").Trim() != (Typed ?? "").Trim();
}

/// <summary>Reads and corrects the record of an incident.</summary>
public sealed class RecordDesk(ChangeWriter writer)
{
    public async Task<IncidentRecord> FindAsync(IncidentId incident, CancellationToken cancel) =>
        (await writer.Db.RecordsAsync(writer.Db.Incidents.Where(row => row.Id == incident), cancel)).Single();

    /// <summary>Sets times by hand. An emptied field goes back to what the program knows.</summary>
    /// <param name="clock">Reads the fields, and writes the times into the timeline.</param>
    /// <returns>False when nothing changed.</returns>
    /// <exception cref="RuleViolation">A field is no time, or the times contradict each other.</exception>
    public async Task<bool> CorrectAsync(
        Incident incident,
        IEnumerable<TypedMoment> typed,
        ZoneClock clock,
        string actor,
        string? token,
        CancellationToken cancel
    )
    {
        var before = await FindAsync(incident.Id, cancel);
        var rows = await writer.Db.MomentCorrections.Where(row => row.IncidentId == incident.Id).ToDictionaryAsync(row => row.Moment, cancel);
        var set = new List<(IncidentMoment Moment, DateTimeOffset At)>();
        var checks = new Checks();
        foreach (var field in typed.Where(field => field.IsNew))
        {
            var row = rows.GetValueOrDefault(field.Moment);
            if (string.IsNullOrWhiteSpace(field.Typed))
            {
                if (row is not null && rows.Remove(field.Moment))
                    writer.Db.Remove(row);
                continue;
            }
            if (!clock.TryReadLocal(field.Typed, out var at))
            {
                checks.Refuse(true, "Enter a day and a time.", field.Moment.ToString());
                continue;
            }
            if (row is null)
                writer.Db.Add(row = rows[field.Moment] = new(incident.Id, field.Moment));
            row.Set(at, actor, writer.Now);
            set.Add((field.Moment, at));
        }
        var after = before.With(rows.Values);
        foreach (var (moment, at) in set)
            checks.Try(() => after.Check(moment, at, writer.Now));
        checks.Enforce();
        var changed = IncidentMoments.All.Where(moment => before.At(moment) != after.At(moment)).ToList();
        if (changed.Count == 0)
            return false;
        writer.Db.IncidentNotes.Add(
            new(
                incident.Id,
                "The record was corrected:\n\n"
                    + string.Join('\n', changed.Select(moment => $"- {moment.Label()}: {Word(after.At(moment))} (was {Word(before.At(moment))})")),
                actor,
                writer.Now
            )
        );
        await writer.SaveAsync(
            incident.PageId,
            new(actor, "record.corrected", $"{incident.Id} {incident.Title}", token, $"/admin/incidents/{incident.Id}/record"),
            cancel
        );
        return true;

        string Word(DateTimeOffset? at) => at is { } instant ? clock.DateAndTime(instant) : "not known";
    }
}
