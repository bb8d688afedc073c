using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Audit;
using StatusPage.Domain.Pages;
using StatusPage.Web.Pages;
using StatusPage.Web.Public;
using StatusPage.Web.Snapshot;

namespace StatusPage.Web.Data;

/// <summary>Who did what, for the audit; and, for a form, its token and where it leads, so that it counts once.</summary>
/// <param name="Action">noun.verb, such as incident.opened.</param>
/// <param name="Changes">What was written, before and after, as JSON; null: all that is tracked.</param>
public sealed record AuditedChange(string Actor, string Action, string Subject, string? Token = null, string? Location = null, string? Changes = null);

/// <summary>
/// Where every change of the public page ends, from a form or through the API: all that is tracked, its audit entry and the next
/// page version in one transaction; then the bell; then a wait until the page shows it, so that its author sees it live.
/// </summary>
public sealed class ChangeWriter(StatusDb db, PublicSite site, PublicSites sites, PublishBell publish, IHttpContextAccessor http, TimeProvider time)
{
    private static readonly TimeSpan ShownWithin = TimeSpan.FromSeconds(2);

    public StatusDb Db => db;
    public DateTimeOffset Now { get; } = time.GetUtcNow();

    /// <summary>The page that the request is for; outside of any, the first.</summary>
    public Task<Page> PageAsync(CancellationToken cancel) => db.PageAsync(site, cancel);

    /// <summary>A change that the public sees.</summary>
    public async Task PublishAsync(PageId page, AuditedChange change, CancellationToken cancel)
    {
        Record(page, change);
        var version = await db.PublishAsync(page, Now, cancel);
        publish.Ring();
        if (sites.Of(page) is { } shown)
            await shown.ShowsAsync(version, ShownWithin, cancel);
    }

    /// <summary>A change behind the scenes.</summary>
    public async Task SaveAsync(PageId page, AuditedChange change, CancellationToken cancel)
    {
        Record(page, change);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Where a form led that was accepted before; null when it was not.</summary>
    public async Task<string?> EarlierLocationAsync(string? token, CancellationToken cancel) =>
        string.IsNullOrEmpty(token)
            ? null
            : await db.FormPosts.AsNoTracking().Where(post => post.Token == token).Select(post => post.Location).FirstOrDefaultAsync(cancel);

    /// <summary>Notes an change, to be saved with the rest.</summary>
    public void Record(PageId page, AuditedChange change)
    {
        db.Audit.Add(
            new AuditEntry(
                page,
                change.Actor,
                change.Action,
                change.Subject,
                Now,
                http.HttpContext?.Connection.RemoteIpAddress?.ToString(),
                change.Changes
            )
        );
        // One that is none of ours makes nothing count once.
        if (change.Token is { Length: > 0 and <= FormPost.MaxTokenLength } && change.Location is not null)
            db.FormPosts.Add(
                new FormPost
                {
                    Token = change.Token,
                    Location = change.Location,
                    At = Now,
                }
            );
    }
}
