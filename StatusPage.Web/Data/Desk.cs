using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Audit;
using StatusPage.Domain.Pages;
using StatusPage.Web.Pages;
using StatusPage.Web.Snapshot;

namespace StatusPage.Web.Data;

/// <summary>Who did what, for the audit; and, for a form, its token and where it leads, so that it counts once.</summary>
/// <param name="Action">noun.verb, such as incident.opened.</param>
/// <param name="Changes">What was written, before and after, as JSON; null: all that is tracked.</param>
public sealed record Act(string Actor, string Action, string Subject, string? Token = null, string? Location = null, string? Changes = null);

/// <summary>
/// Where every change of the public page ends, from a form or through the API: all that is tracked, its audit entry and the next
/// page version in one transaction; then the bell; then a wait until the page shows it, so that its author sees it live.
/// </summary>
public sealed class Desk(StatusDb db, PublicSite site, PublicSites sites, PublishBell publish, IHttpContextAccessor http, TimeProvider time)
{
    private static readonly TimeSpan ShownWithin = TimeSpan.FromSeconds(2);

    public StatusDb Db => db;
    public DateTimeOffset Now { get; } = time.GetUtcNow();

    /// <summary>The page that the request is for; outside of any, the first.</summary>
    public Task<Page> PageAsync(CancellationToken cancel) => db.PageAsync(site, cancel);

    /// <summary>A change that the public sees.</summary>
    public async Task PublishAsync(PageId page, Act act, CancellationToken cancel)
    {
        Record(page, act);
        var version = await db.PublishAsync(page, Now, cancel);
        publish.Ring();
        if (sites.Of(page) is { } shown)
            await shown.ShowsAsync(version, ShownWithin, cancel);
    }

    /// <summary>A change behind the scenes.</summary>
    public async Task SaveAsync(PageId page, Act act, CancellationToken cancel)
    {
        Record(page, act);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Where a form led that was accepted before; null when it was not.</summary>
    public async Task<string?> LedToAsync(string? token, CancellationToken cancel) =>
        string.IsNullOrEmpty(token)
            ? null
            : await db.FormPosts.AsNoTracking().Where(post => post.Token == token).Select(post => post.Location).FirstOrDefaultAsync(cancel);

    /// <summary>Notes an act, to be saved with the rest.</summary>
    public void Record(PageId page, Act act)
    {
        db.Audit.Add(new AuditEntry(page, act.Actor, act.Action, act.Subject, Now, http.HttpContext?.Connection.RemoteIpAddress?.ToString(), act.Changes));
        // One that is none of ours makes nothing count once.
        if (act.Token is { Length: > 0 and <= FormPost.MaxTokenLength } && act.Location is not null)
            db.FormPosts.Add(
                new FormPost
                {
                    Token = act.Token,
                    Location = act.Location,
                    At = Now,
                }
            );
    }
}
