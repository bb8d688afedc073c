using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Destinations;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Destinations;

/// <param name="Linked">Objects that stand there.</param>
/// <param name="Waiting">Objects that are on their way.</param>
/// <param name="Stopped">Objects that wait for a person.</param>
public sealed record DestinationRow(Destination Destination, int Linked, int Waiting, int Stopped);

/// <summary>Where postmortems and action items go.</summary>
[Authorize(Policy = Permissions.Manage)]
public sealed class DestinationsPage(ChangeWriter writer, DestinationDesk desk, DestinationBell bell, KnownDestinations known) : AdminPage(writer)
{
    public const string List = "/admin/destinations";

    public IReadOnlyList<DestinationRow> Rows { get; private set; } = [];
    public DateOnly Today => DateOnly.FromDateTime(Now.UtcDateTime);

    public Task OnGetAsync() => LoadAsync();

    public Task<IActionResult> OnPostTurnAsync(string? id, bool on) =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                var destination = await MustFindAsync(id);
                destination.Turn(on, Now);
                await Writer.SaveAsync(StatusPage.Id, new(Actor, on ? "destination.turned-on" : "destination.turned-off", destination.Subject), Cancel);
                bell.Ring();
                Done = on
                    ? Say["'{0}' is on. What waited is sent now.", destination.Name]
                    : Say["'{0}' is off. What is asked for waits.", destination.Name];
                return List;
            },
            LoadAsync
        );

    public Task<IActionResult> OnPostRemoveAsync(string? id) =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                var destination = await MustFindAsync(id);
                Db.Destinations.Remove(destination);
                await Writer.SaveAsync(StatusPage.Id, new(Actor, "destination.removed", destination.Subject), Cancel);
                known.Forget();
                Done = Say["'{0}' is removed. What was made there stays there.", destination.Name];
                return List;
            },
            LoadAsync
        );

    /// <summary>The sentence in which an outcome says why something does not work.</summary>
    public static string WhyNot(Remote outcome) =>
        outcome switch
        {
            Remote.Later later => later.Why,
            Remote.Conflict conflict => conflict.Why,
            Remote.Refused refused => refused.Why,
            _ => "It does not answer as expected.",
        };

    private async Task<Destination> MustFindAsync(string? id) =>
        await desk.FindAsync(StatusPage.Id, id, Cancel) ?? throw new MissingException("There is no such destination.");

    private async Task LoadAsync()
    {
        var counts = (
            await Db
                .DestinationLinks.AsNoTracking()
                .Where(row => row.PageId == StatusPage.Id)
                .GroupBy(row => new
                {
                    row.DestinationId,
                    row.State,
                    IsDue = row.NextAttemptAt != null,
                })
                .Select(rows => new { rows.Key, Count = rows.Count() })
                .ToListAsync(Cancel)
        ).ToLookup(row => row.Key.DestinationId);
        var destinations = await Db.Destinations.AsNoTracking().Where(row => row.PageId == StatusPage.Id).OrderBy(row => row.Name).ToListAsync(Cancel);
        Rows = destinations.ConvertAll(row => new DestinationRow(
            row,
            counts[row.Id].Where(count => count.Key.State == LinkState.Linked).Sum(count => count.Count),
            counts[row.Id].Where(count => count.Key.IsDue).Sum(count => count.Count),
            counts[row.Id].Where(count => count.Key.State == LinkState.Stopped).Sum(count => count.Count)
        ));
        Token = NewToken();
    }
}
