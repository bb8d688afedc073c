using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Destinations;
using StatusPage.Web.Data;
using StatusPage.Web.Destinations.Clients;

namespace StatusPage.Web.Destinations;

/// <summary>Takes over the states of issues: told by a webhook, or read from time to time in case one was missed.</summary>
public sealed class ItemStates(IServiceScopeFactory scopes, GitHub github, DestinationSecrets secrets, DestinationWork work, TimeProvider time)
{
    /// <summary>Issues that are read in one round; the others follow in the next.</summary>
    private const int AtOnce = 50;

    private const int Attempts = 4;

    /// <summary>Reads the issues that are due.</summary>
    /// <returns>When the next is.</returns>
    public async Task<DateTimeOffset?> ReadDueAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var now = time.GetUtcNow();
        var rows =
            from link in db.DestinationLinks.AsNoTracking()
            join destination in db.Destinations.AsNoTracking() on link.DestinationId equals destination.Id
            where link.CheckAt != null && link.RemoteId != null && destination.IsOn && destination.Kind == DestinationKind.GitHub
            where destination.PausedUntil == null || destination.PausedUntil <= now
            select new { link, destination };
        var due = await rows.Where(row => row.link.CheckAt <= now).OrderBy(row => row.link.CheckAt).Take(AtOnce).ToListAsync(cancel);
        var closed = new HashSet<DestinationId>();
        foreach (var row in due)
        {
            if (closed.Contains(row.destination.Id))
                continue;
            var next = ItemStateRule.NextCheck(row.link.RemoteState ?? ItemStateRule.Open, now);
            // Of several nodes, the one that sets the time of the next look reads it.
            if (
                await db
                    .DestinationLinks.Where(link => link.Id == row.link.Id && link.CheckAt == row.link.CheckAt)
                    .ExecuteUpdateAsync(set => set.SetProperty(link => link.CheckAt, (DateTimeOffset?)next), cancel) == 0
            )
                continue;
            if (!await ReadAsync(db, row.destination, row.link, cancel))
            {
                closed.Add(row.destination.Id);
                await db
                    .DestinationLinks.Where(link => link.DestinationId == row.destination.Id && link.CheckAt <= now)
                    .ExecuteUpdateAsync(set => set.SetProperty(link => link.CheckAt, (DateTimeOffset?)next), cancel);
            }
        }
        return await rows.MinAsync(row => row.link.CheckAt, cancel);
    }

    /// <summary>Takes over what an issue says. A webhook that was taken before changes nothing.</summary>
    /// <param name="delivery">Kept in the same transaction; null where it was read.</param>
    /// <returns>False when the delivery is known already.</returns>
    public async Task<bool> TakeAsync(Destination destination, string number, IssueState? state, string? delivery, CancellationToken cancel)
    {
        // The same number in another repository is somebody else's.
        var place = destination.Place;
        for (var attempt = 1; ; attempt++)
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
            try
            {
                await using var transaction = await db.Database.BeginTransactionAsync(cancel);
                if (delivery is not null)
                {
                    if (await db.DestinationDeliveries.AnyAsync(row => row.DestinationId == destination.Id && row.Name == delivery, cancel))
                        return false;
                    db.DestinationDeliveries.Add(new(destination.Id, delivery, time.GetUtcNow()));
                }
                var link = await db.DestinationLinks.FirstOrDefaultAsync(
                    row => row.DestinationId == destination.Id && row.Place == place && row.RemoteId == number,
                    cancel
                );
                if (link is not null && state is not null)
                    await ApplyAsync(scope.ServiceProvider, destination, link, state, cancel);
                await db.SaveChangesAsync(cancel);
                await transaction.CommitAsync(CancellationToken.None);
                return true;
            }
            catch (Exception exception)
                when (attempt < Attempts
                    && (exception is DbUpdateConcurrencyException || StoreSetup.IsDuplicate(exception) || StoreSetup.IsContention(exception))
                )
            {
                // Somebody changed the item at the same moment, so both are read again.
            }
        }
    }

    private async Task ApplyAsync(IServiceProvider services, Destination destination, DestinationLink link, IssueState state, CancellationToken cancel)
    {
        // So is an issue without our marker.
        if (!link.Ref.IsIn(state.Body))
            return;
        // Webhooks overtake each other; what is older than what is known says nothing new.
        if (state.Since < link.RemoteStateAt || link.What != DestinationObject.ActionItem)
            return;
        var source = services.GetRequiredService<IDestinationSource>();
        var id = ActionItemId.Of(link.ObjectId);
        if (await source.ActionItemAsync(link.PageId, id, cancel) is not { } document)
            return;
        var reading = ItemStateRule.Read(link.RemoteState, state.Code, document.Item.State, "at GitHub");
        link.Knows(state.Code, state.Since, reading.Trouble, time.GetUtcNow());
        link.CheckNext(ItemStateRule.NextCheck(state.Code, time.GetUtcNow()));
        if (reading.MoveTo is { } move)
            await source.ItemStateReadAsync(link.PageId, id, move, $"GitHub {destination.Setting(DestinationField.Repository)}#{link.RemoteId}", cancel);
    }

    /// <returns>False when no more is asked of this destination for now.</returns>
    private async Task<bool> ReadAsync(StatusDb db, Destination destination, DestinationLink link, CancellationToken cancel)
    {
        if (secrets.Open(destination) is not { } open)
        {
            await work.NoteAsync(db, destination, DestinationWork.Unreadable, isWell: false);
            return false;
        }
        if (link.Place != destination.Place)
        {
            await TellAsync(db, link, DestinationLink.Elsewhere, null, cancel);
            return true;
        }
        var (state, failure) = await github.StateAsync(open, link.RemoteId!, link.Ref);
        if (state is not null)
        {
            await TakeAsync(destination, link.RemoteId!, state, delivery: null, cancel);
            return true;
        }
        await work.NoteAsync(db, destination, failure, isWell: false);
        if (failure is Remote.Later or Remote.Refused { IsWhole: true })
            return false;
        var why = failure is Remote.Refused refused ? refused.OfOurOwn.Why : "The issue could not be read.";
        await TellAsync(db, link, $"Its state at GitHub cannot be read any more. {why}", time.GetUtcNow() + ItemStateRule.EveryClosed, cancel);
        return true;
    }

    /// <param name="next">When it is read again; null: not before it is sent again.</param>
    private static async Task TellAsync(StatusDb db, DestinationLink link, string trouble, DateTimeOffset? next, CancellationToken cancel)
    {
        var said = Text.Cut(trouble, DestinationLink.MaxError);
        await db
            .DestinationLinks.Where(row => row.Id == link.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastError, said).SetProperty(row => row.CheckAt, next), cancel);
    }
}
