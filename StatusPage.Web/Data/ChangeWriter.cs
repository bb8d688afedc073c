using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Audit;
using StatusPage.Domain.Pages;
using StatusPage.Web.Pages;
using StatusPage.Web.Public;
using StatusPage.Web.Snapshot;

namespace StatusPage.Web.Data;

/// <summary>Who did what, for the audit; for a form also its token and where it leads, so that sending it twice counts once.</summary>
/// <param name="Action">noun.verb, such as incident.opened.</param>
/// <param name="Changes">What was written, before and after, as JSON; null: all that is tracked.</param>
public sealed record AuditedChange(string Actor, string Action, string Subject, string? Token = null, string? Location = null, string? Changes = null);

/// <summary>
/// The last step of every change of the public page, from a form or the API: it writes all tracked changes, the audit entry and the next page version in
/// one transaction, rings the bell, and waits until the page shows the change, so that its author sees it live.
/// </summary>
public sealed class ChangeWriter(StatusDb db, PublicSite site, PublicSites sites, PublishBell publish, IHttpContextAccessor http, TimeProvider time)
{
    private static readonly TimeSpan ShownWithin = TimeSpan.FromSeconds(2);

    public StatusDb Db => db;
    public DateTimeOffset Now { get; } = time.GetUtcNow();

    /// <summary>The page of the request; outside of a request, the first page.</summary>
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

    /// <summary>A change that the public does not see.</summary>
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

    /// <summary>Adds the change to the audit, to be saved with the rest.</summary>
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
        // A token that is not ours is not stored, so it cannot block a second sending.
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
