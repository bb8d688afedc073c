using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Pages;
using StatusPage.Web.Data;
using StatusPage.Web.Public;
using StatusPage.Web.Shared;
using StatusPage.Web.Snapshot;

namespace StatusPage.Web.Pages;

/// <summary>What the owners of the first page can do with the other pages.</summary>
public sealed class PageDesk(ChangeWriter writer, PublicSites sites, PublishBell bell)
{
    private static readonly TimeSpan ThereWithin = TimeSpan.FromSeconds(2);

    public Task<List<Page>> AllAsync(CancellationToken cancel) => writer.Db.Pages.AsNoTracking().OrderBy(page => page.CreatedAt).ToListAsync(cancel);

    /// <summary>A page other than the first; null when there is none with that id.</summary>
    public async Task<Page?> FindAsync(string id, CancellationToken cancel)
    {
        if (!PublicId.LooksLikeOne(id))
            return null;
        var key = PageId.Of(id);
        return await writer.Db.Pages.FirstOrDefaultAsync(page => page.Id == key && (page.Slug != null || page.HostName != null), cancel);
    }

    /// <param name="account">The account that becomes its owner.</param>
    public async Task<Page> CreateAsync(
        Page first,
        string? name,
        string? timeZone,
        PageLocation location,
        string account,
        string actor,
        CancellationToken cancel
    )
    {
        await CheckFreeAsync(location, null, cancel);
        var page = Page.Create(name, Zones.Checked(timeZone), location, writer.Now);
        writer.Db.Pages.Add(page);
        writer.Db.AddRange(page.GiveTemplates(writer.Now));
        writer.Db.Memberships.Add(Membership.Of(account, page.Id, Role.Owner, writer.Now));
        await writer.SaveAsync(first.Id, new(actor, "page.created", Subject(page)), cancel);
        await ShowAsync(page, cancel);
        return page;
    }

    public async Task MoveAsync(Page first, Page page, PageLocation location, string actor, CancellationToken cancel)
    {
        if (location == page.Location)
            return;
        await CheckFreeAsync(location, page.Id, cancel);
        page.Move(location, writer.Now);
        await PublishAsync(first, page, "page.moved", actor, cancel);
    }

    public Task CloseAsync(Page first, Page page, string actor, CancellationToken cancel)
    {
        page.Close(writer.Now);
        return PublishAsync(first, page, "page.closed", actor, cancel);
    }

    public Task OpenAgainAsync(Page first, Page page, string actor, CancellationToken cancel)
    {
        page.OpenAgain(writer.Now);
        return PublishAsync(first, page, "page.opened-again", actor, cancel);
    }

    private async Task PublishAsync(Page first, Page page, string action, string actor, CancellationToken cancel)
    {
        writer.Record(first.Id, new(actor, action, Subject(page)));
        await writer.Db.PublishAsync(page.Id, writer.Now, cancel);
        await ShowAsync(page, cancel);
    }

    /// <summary>Waits until the page is served, so that its owner finds it there after creating or moving it.</summary>
    private async Task ShowAsync(Page page, CancellationToken cancel)
    {
        bell.Ring();
        if (page.ClosedAt is null)
            await sites.ShowsAsync(page.Id, page.Location, ThereWithin, cancel);
        else
            await sites.HidesAsync(page.Id, ThereWithin, cancel);
    }

    private async Task CheckFreeAsync(PageLocation location, PageId? except, CancellationToken cancel)
    {
        if (
            await writer
                .Db.Pages.AsNoTracking()
                .FirstOrDefaultAsync(
                    page =>
                        page.Id != except
                        && ((location.Slug != null && page.Slug == location.Slug) || (location.HostName != null && page.HostName == location.HostName)),
                    cancel
                ) is
            { } other
        )
        {
            var there = other.ClosedAt is null ? (Sentence)$"'{other.Name}' is there already." : (Sentence)$"'{other.Name}' is there already, closed.";
            throw location.Slug is null
                ? new RuleViolation($"{there} Choose another host name.", nameof(Page.HostName))
                : new RuleViolation($"{there} Choose another path.", nameof(Page.Slug));
        }
    }

    private static string Subject(Page page) => $"{page.Name} ({page.Location.HostName ?? page.Location.Base()})";
}
