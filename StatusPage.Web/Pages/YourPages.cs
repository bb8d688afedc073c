using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Pages;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Public;

namespace StatusPage.Web.Pages;

/// <param name="Desk">The address of its comms desk.</param>
public sealed record YourPage(string Name, string Desk, bool IsHere);

/// <summary>The pages at which a person works, so that they can switch from one desk to another.</summary>
public sealed class YourPages(StatusDb db, PublicSites sites, PublicSite here, PublicAddresses addresses)
{
    /// <summary>Empty where there is only one page.</summary>
    public async Task<IReadOnlyList<YourPage>> FindAsync(ClaimsPrincipal person, CancellationToken cancel)
    {
        if (!sites.HasSeveral || person.FindFirstValue(ClaimTypes.NameIdentifier) is not { } account)
            return [];
        var pages = await db
            .Pages.AsNoTracking()
            .Open()
            .Where(page => db.Memberships.Any(row => row.AccountId == account && row.PageId == page.Id))
            .OrderBy(page => page.CreatedAt)
            .ToListAsync(cancel);
        return pages.ConvertAll(page => new YourPage(page.Name, LinkTo(page.Location), page.Location == here.Location));
    }

    /// <summary>Only a path when the target is on this host name: a visitor who uses an address other than the configured one stays there.</summary>
    private string LinkTo(PageLocation to) => to.HostName is null && here.Location.HostName is null ? to.Base() + "/admin" : addresses.Of(to).Of("/admin");
}
