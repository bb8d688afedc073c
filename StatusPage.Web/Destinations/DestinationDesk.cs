using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Destinations;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Destinations;

/// <summary>One object at one destination, as pages and programs show it.</summary>
/// <param name="ObjectId">The id of the incident or of the action item.</param>
/// <param name="Destination">Its name.</param>
/// <param name="Error">What went wrong, or what to know, and what to do about it.</param>
public sealed record DestinationLinkView(
    DestinationObject What,
    string ObjectId,
    string Destination,
    DestinationKind Kind,
    string? Url,
    LinkState State,
    string? Error
);

/// <summary>Where the objects of an incident stand in other systems, and where else they could be sent.</summary>
public sealed record ElsewhereView(
    IReadOnlyList<DestinationLinkView> Links,
    IReadOnlyList<Destination> ForPostmortems,
    IReadOnlyList<Destination> ForItems
);

/// <summary>Sends postmortems and action items to destinations, for forms, API and commands alike. What is asked for here is done by a worker.</summary>
public sealed class DestinationDesk(ChangeWriter writer, IDestinationSource source, DestinationBell bell)
{
    private const int Attempts = 4;

    private StatusDb Db => writer.Db;

    public Task<Destination?> FindAsync(PageId page, string? id, CancellationToken cancel) =>
        PublicId.LooksLikeOne(id)
            ? Db.Destinations.FirstOrDefaultAsync(row => row.PageId == page && row.Id == DestinationId.Of(id!), cancel)
            : Task.FromResult<Destination?>(null);

    /// <summary>Sends the postmortem of an incident, or sends it anew.</summary>
    /// <exception cref="RuleViolation">There is no such destination, it is off or takes none, or there is no postmortem.</exception>
    public async Task SendPostmortemAsync(PageId page, IncidentId incident, string? destination, string actor, CancellationToken cancel)
    {
        var to = await MustFindAsync(page, destination, DestinationObject.Postmortem, cancel);
        if (await source.PostmortemAsync(page, incident, cancel) is not { } document)
            throw new RuleViolation("There is no postmortem yet. Write it, then send it.");
        await AskAsync(to, incident, [DestinationRef.Of(incident)], new(actor, "postmortem.sent", $"{incident} {document.Title} to {to.Name}"), cancel);
    }

    /// <summary>Sends the action items of an incident, or sends them anew.</summary>
    /// <param name="only">Null: all of them.</param>
    /// <exception cref="RuleViolation">There is no such destination, it is off or takes none, or there are no items.</exception>
    public async Task SendActionItemsAsync(
        PageId page,
        IncidentId incident,
        string? destination,
        string actor,
        CancellationToken cancel,
        IReadOnlyCollection<ActionItemId>? only = null
    )
    {
        var to = await MustFindAsync(page, destination, DestinationObject.ActionItem, cancel);
        var items = (await source.ActionItemsAsync(page, incident, cancel)).Where(item => only?.Contains(item.Id) != false).ToList();
        if (items.Count == 0)
            throw new RuleViolation("There are no action items to send. Add one first.");
        var subject = $"{incident} {(items.Count == 1 ? items[0].Title : $"{items.Count} items")} to {to.Name}";
        await AskAsync(to, incident, [.. items.Select(item => DestinationRef.Of(item.Id))], new(actor, "actionitem.sent", subject), cancel);
    }

    /// <summary>Where an incident's postmortem and action items are, and how far.</summary>
    public async Task<IReadOnlyList<DestinationLinkView>> LinksOfAsync(PageId page, IncidentId incident, CancellationToken cancel)
    {
        var rows = await (
            from link in Db.DestinationLinks.AsNoTracking()
            join destination in Db.Destinations.AsNoTracking() on link.DestinationId equals destination.Id
            where link.PageId == page && link.IncidentId == incident
            orderby destination.Name, link.Id
            select new { link, destination }
        ).ToListAsync(cancel);
        return rows.ConvertAll(row => new DestinationLinkView(
            row.link.What,
            row.link.ObjectId,
            row.destination.Name,
            row.destination.Kind,
            row.link.Url,
            row.link.State,
            row.link.LastError ?? (row.link.IsElsewhere(row.destination.Place) ? DestinationLink.Elsewhere : null)
        ));
    }

    public async Task<ElsewhereView> ElsewhereAsync(PageId page, IncidentId incident, CancellationToken cancel)
    {
        var on = await Db.Destinations.AsNoTracking().Where(row => row.PageId == page && row.IsOn).OrderBy(row => row.Name).ToListAsync(cancel);
        return new(
            await LinksOfAsync(page, incident, cancel),
            on.FindAll(row => row.Kind.Takes(DestinationObject.Postmortem)),
            on.FindAll(row => row.Kind.Takes(DestinationObject.ActionItem))
        );
    }

    /// <summary>Tries everything again that stopped at a destination, such as after its token was renewed.</summary>
    /// <returns>How many.</returns>
    public async Task<int> TryStoppedAsync(Destination destination, string actor, CancellationToken cancel) =>
        await ChangeAsync(
            destination.PageId,
            async () =>
            {
                var stopped = await Db
                    .DestinationLinks.Where(row => row.DestinationId == destination.Id && row.State == LinkState.Stopped)
                    .ToListAsync(cancel);
                foreach (var link in stopped)
                    link.Ask(writer.Now);
                return (stopped.Count, stopped.Count == 0 ? null : new AuditedChange(actor, "destination.retried", destination.Subject));
            },
            cancel
        );

    /// <summary>What somebody edited there may be written over.</summary>
    /// <exception cref="MissingException">There is no such link.</exception>
    public Task<int> WriteOverAsync(Destination destination, long id, string actor, CancellationToken cancel) =>
        ChangeAsync(
            destination.PageId,
            async () =>
            {
                var link = await MustFindAsync(destination, id, cancel);
                link.Accept();
                link.Ask(writer.Now);
                return (1, new AuditedChange(actor, "destination.written-over", $"{link.Ref} at {destination.Name}"));
            },
            cancel
        );

    /// <summary>Forgets where an object is, such as when somebody deleted it there. What stands there stays.</summary>
    /// <param name="makesAnew">Whether it is made again at once, unless it is found there.</param>
    /// <exception cref="MissingException">There is no such link.</exception>
    public Task<int> ForgetAsync(Destination destination, long id, bool makesAnew, string actor, CancellationToken cancel) =>
        ChangeAsync(
            destination.PageId,
            async () =>
            {
                var link = await MustFindAsync(destination, id, cancel);
                if (link.LeasedBy is not null)
                    throw new RuleViolation("It is on its way just now. Wait a moment, then try again.");
                if (makesAnew)
                {
                    link.Forget();
                    link.Ask(writer.Now);
                }
                else
                    Db.DestinationLinks.Remove(link);
                return (1, new AuditedChange(actor, makesAnew ? "destination.made-anew" : "destination.forgotten", $"{link.Ref} at {destination.Name}"));
            },
            cancel
        );

    private async Task<DestinationLink> MustFindAsync(Destination destination, long id, CancellationToken cancel) =>
        await Db.DestinationLinks.FirstOrDefaultAsync(row => row.DestinationId == destination.Id && row.Id == id, cancel)
        ?? throw new MissingException("There is no such object at this destination.");

    private Task<int> AskAsync(
        Destination to,
        IncidentId incident,
        IReadOnlyList<DestinationRef> objects,
        AuditedChange change,
        CancellationToken cancel
    ) =>
        ChangeAsync(
            to.PageId,
            async () =>
            {
                var known = await Db.DestinationLinks.Where(row => row.DestinationId == to.Id && row.IncidentId == incident).ToListAsync(cancel);
                foreach (var what in objects)
                {
                    var link = known.Find(row => row.Ref == what);
                    if (link is null)
                        Db.DestinationLinks.Add(link = DestinationLink.Of(to, what, incident, writer.Now));
                    link.Ask(writer.Now);
                }
                return (objects.Count, change);
            },
            cancel
        );

    /// <summary>A node may take a row at the same moment; then it is read and changed again.</summary>
    private async Task<int> ChangeAsync(PageId page, Func<Task<(int Count, AuditedChange? Change)>> change, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var (count, said) = await change();
                if (said is not null)
                    await writer.SaveAsync(page, said, cancel);
                bell.Ring();
                return count;
            }
            catch (DbUpdateException exception)
                when (attempt < Attempts && (exception is DbUpdateConcurrencyException || StoreSetup.IsDuplicate(exception)))
            {
                Db.ChangeTracker.Clear();
            }
        }
    }

    private async Task<Destination> MustFindAsync(PageId page, string? name, DestinationObject what, CancellationToken cancel)
    {
        var wanted = name?.Trim() ?? "";
        var to =
            await Db.Destinations.AsNoTracking().FirstOrDefaultAsync(row => row.PageId == page && row.Name == wanted, cancel)
            ?? throw (
                wanted.Length == 0
                    ? new RuleViolation("Name the destination.", "Destination")
                    : new RuleViolation(
                        $"There is no destination '{Text.Cut(Text.Shown(wanted), 100)}'. Destinations are set up at the desk.",
                        "Destination"
                    )
            );
        if (!to.IsOn)
            throw new RuleViolation($"The destination '{to.Name}' is off. Turn it on at the desk, then send it again.", "Destination");
        if (!to.Kind.Takes(what))
            throw what == DestinationObject.Postmortem
                ? new RuleViolation($"'{to.Name}' is {(Sentence)to.Kind.Label()}, which takes action items and no postmortems.", "Destination")
                : new RuleViolation($"'{to.Name}' is {(Sentence)to.Kind.Label()}: action items stand there in the postmortem. Send that.", "Destination");
        return to;
    }
}
