using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Destinations;
using StatusPage.Web.Data;
using StatusPage.Web.Destinations.Clients;

namespace StatusPage.Web.Destinations;

/// <summary>Works off what is due at one destination, one object after the other.</summary>
public sealed class DestinationWork(
    IServiceScopeFactory scopes,
    IEnumerable<IDestinationClient> clients,
    DestinationClaims claims,
    DestinationSecrets secrets,
    TimeProvider time
)
{
    private readonly Dictionary<DestinationKind, IDestinationClient> _clients = clients.ToDictionary(client => client.Kind);

    public IDestinationClient ClientOf(DestinationKind kind) => _clients[kind];

    /// <summary>Whether a destination works, without making anything there.</summary>
    public async Task<Remote> TestAsync(Destination destination) =>
        secrets.Open(destination) is { } open ? await ClientOf(destination.Kind).TestAsync(open) : Unreadable;

    /// <returns>Whether there may be more.</returns>
    public async Task<bool> DoNextAsync(DestinationId id, CancellationToken cancel)
    {
        if (await claims.ClaimAsync(id, cancel) is not { } claim)
            return false;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var link = claim.Link;
        if (await db.Destinations.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancel) is not { } destination)
            return false;
        Remote? failure;
        if (secrets.Open(destination) is not { } open)
            link.Fail(failure = Unreadable, time.GetUtcNow());
        else if (await MessageAsync(scope.ServiceProvider, link, open.Place, cancel) is not { } message)
        {
            failure = null;
            link.Stop("It was removed here, so there is nothing to send. What stands there stays.", time.GetUtcNow());
        }
        else
        {
            failure = await new DestinationAttempt(ClientOf(destination.Kind), open, message, link, time, () => claims.CommitAsync(claim)).RunAsync();
            if (link.State == LinkState.Linked && link.CheckAt is null && destination.Kind == DestinationKind.GitHub)
                link.CheckNext(time.GetUtcNow() + ItemStateRule.Every);
        }
        await claims.FinishAsync(claim);
        await NoteAsync(db, destination, failure, link.State == LinkState.Linked && link.NextAttemptAt is null);
        if (link is { State: LinkState.Stopped, LastError: { } why })
            await scope.ServiceProvider.GetRequiredService<DestinationNotices>().StoppedAsync(destination, why, time.GetUtcNow(), cancel);
        return failure is not (Remote.Later or Remote.Refused { IsWhole: true } or Remote.Refused { TurnsOff: true });
    }

    /// <summary>Warns of tokens that end soon.</summary>
    public async Task WarnAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<DestinationNotices>().WarnAsync(time.GetUtcNow(), cancel);
    }

    /// <summary>What a destination's last attempt says of the destination itself.</summary>
    public async Task NoteAsync(StatusDb db, Destination destination, Remote? failure, bool isWell)
    {
        var now = time.GetUtcNow();
        var trouble = failure switch
        {
            Remote.Later { Counts: true } later => later.Why,
            Remote.Refused { IsWhole: true } or Remote.Refused { TurnsOff: true } => ((Remote.Refused)failure).Why,
            _ => isWell ? null : destination.Trouble,
        };
        var until = failure is Remote.Later { Pauses: true } paused ? paused.NotBefore ?? now.AddMinutes(1) : (DateTimeOffset?)null;
        var isOn = destination.IsOn && failure is not Remote.Refused { TurnsOff: true };
        if (trouble == destination.Trouble && until is null && isOn == destination.IsOn && (!isWell || destination.PausedUntil is null))
            return;
        trouble = trouble is null ? null : Text.Cut(trouble, Destination.MaxTroubleLength);
        DateTimeOffset? since = trouble is null ? null : destination.TroubleSince ?? now;
        // Somebody who turned it off or changed it meanwhile is not overruled.
        await db
            .Destinations.Where(row => row.Id == destination.Id && row.UpdatedAt == destination.UpdatedAt && row.IsOn == destination.IsOn)
            .ExecuteUpdateAsync(set =>
                set.SetProperty(row => row.Trouble, trouble)
                    .SetProperty(row => row.TroubleSince, since)
                    .SetProperty(row => row.PausedUntil, until)
                    .SetProperty(row => row.IsOn, isOn)
            );
    }

    public static Remote.Refused Unreadable { get; } = new("Its secrets can no longer be read. Enter them again at the destination.", IsWhole: true);

    /// <summary>Null when the object is not there any more.</summary>
    private static async Task<DestinationMessage?> MessageAsync(IServiceProvider services, DestinationLink link, string place, CancellationToken cancel)
    {
        var source = services.GetRequiredService<IDestinationSource>();
        var urls = await UrlsAsync(services.GetRequiredService<StatusDb>(), link, cancel);
        var isKnown = link.IsKnownIn(place);
        if (link.What == DestinationObject.Postmortem)
        {
            if (await source.PostmortemAsync(link.PageId, IncidentId.Of(link.ObjectId), cancel) is not { } document)
                return null;
            link.Carries(document.Revision);
            return new(link.Ref, document, null, "", isKnown, urls);
        }
        if (await source.ActionItemAsync(link.PageId, ActionItemId.Of(link.ObjectId), cancel) is not { } item)
            return null;
        link.Carries(item.Item.Version);
        return new(link.Ref, null, item, "", isKnown, urls);
    }

    /// <summary>The issues of the incident's action items.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> UrlsAsync(StatusDb db, DestinationLink link, CancellationToken cancel) =>
        (
            await (
                from other in db.DestinationLinks.AsNoTracking()
                join destination in db.Destinations.AsNoTracking() on other.DestinationId equals destination.Id
                where other.PageId == link.PageId && other.IncidentId == link.IncidentId
                where other.What == DestinationObject.ActionItem && destination.Kind == DestinationKind.GitHub && other.Url != null
                orderby other.Id
                select new { other.ObjectId, other.Url }
            ).ToListAsync(cancel)
        )
            .GroupBy(row => row.ObjectId)
            .ToDictionary(rows => rows.Key, rows => rows.First().Url!);
}
