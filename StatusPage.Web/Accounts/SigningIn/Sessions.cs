using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Audit;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Pages;
using StatusPage.Web.Public;

namespace StatusPage.Web.Accounts.SigningIn;

/// <param name="Role">Null: no role at this page.</param>
/// <param name="IsProven">Whether its holder recently proved who they are.</param>
/// <param name="Language">The code of the language that its holder chose for the desk; null: as the browser asks.</param>
public sealed record Seen(Role? Role, bool AsksForTwoFactors, bool IsProven, string? Language = null);

/// <summary>The signed-in browsers. Each request to the desk asks here, so that an ended session is over at once.</summary>
public sealed class Sessions(StatusDb db, PublicSite site, Settings settings, TimeProvider time)
{
    /// <summary>Ended sessions are kept this long, in case somebody wonders about them.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <param name="proof">How the person proved who they are, in words.</param>
    /// <param name="provenAt">When they did so; null: now.</param>
    public async Task<string> BeginAsync(Account account, string proof, DateTimeOffset? provenAt, HttpContext http)
    {
        var now = time.GetUtcNow();
        var old = now - KeptFor;
        await db.DeskSessions.Where(row => row.AccountId == account.Id && row.SeenAt < old).ExecuteDeleteAsync();
        var session = DeskSession.Begin(account.Id, http.Connection.RemoteIpAddress?.ToString(), http.Request.Headers.UserAgent.ToString(), now, provenAt);
        db.Add(session);
        await NoteAsync(account, "session.begun", proof, http, CancellationToken.None);
        return session.Id;
    }

    /// <summary>Notes a failed attempt, for existing accounts only: what was typed as another name could be anything, even a password.</summary>
    public Task RefuseAsync(Account account, string proof, HttpContext http) => NoteAsync(account, "session.refused", proof, http, http.RequestAborted);

    private async Task NoteAsync(Account account, string action, string proof, HttpContext http, CancellationToken cancel)
    {
        var page = await Here.Select(row => row.Id).FirstAsync(cancel);
        db.Audit.Add(
            new AuditEntry(page, account.Email!, action, $"{account.Email} ({proof})", time.GetUtcNow(), http.Connection.RemoteIpAddress?.ToString())
        );
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>The page that the request is for.</summary>
    private IQueryable<Domain.Pages.Page> Here => site.PageId is { } known ? db.Pages.Where(page => page.Id == known) : db.Pages.AtRoot();

    /// <summary>An account's role at this page; null: none, or none that the provider has confirmed recently.</summary>
    public async Task<Role?> RoleOfAsync(Account account, CancellationToken cancel)
    {
        var since = TrustedSince;
        return await Here.SelectMany(page =>
                db.Memberships.Where(row => row.PageId == page.Id && row.AccountId == account.Id && (row.GrantedBy == null || row.ConfirmedAt >= since))
            )
            .Select(row => (Role?)row.Role)
            .FirstOrDefaultAsync(cancel);
    }

    /// <summary>What a provider said before this no longer counts until the provider says it again.</summary>
    private DateTimeOffset TrustedSince => time.GetUtcNow() - (settings.Oidc?.TrustFor ?? TimeSpan.Zero);

    /// <summary>Notes that a session is used.</summary>
    /// <returns>Its holder's rights at this page; null when the session is over.</returns>
    public async Task<Seen?> SeeAsync(string? id, CancellationToken cancel)
    {
        var (now, since) = (time.GetUtcNow(), TrustedSince);
        var found = await db
            .DeskSessions.AsNoTracking()
            .Where(row => row.Id == id && row.EndedAt == null)
            .Select(row => new
            {
                Session = row,
                Language = db.Users.Where(account => account.Id == row.AccountId).Select(account => account.Language).FirstOrDefault(),
                Asks = Here.Select(page => page.RequiresSecondFactor).FirstOrDefault(),
                Role = Here.SelectMany(page => db.Memberships.Where(held => held.PageId == page.Id && held.AccountId == row.AccountId))
                    .Select(held => (Role?)held.Role)
                    .FirstOrDefault(),
                IsTrusted = Here.SelectMany(page => db.Memberships.Where(held => held.PageId == page.Id && held.AccountId == row.AccountId))
                    .Select(held => (bool?)(held.GrantedBy == null || held.ConfirmedAt >= since))
                    .FirstOrDefault(),
            })
            .FirstOrDefaultAsync(cancel);
        if (found is null || found.Session.IsOver(now))
            return null;
        // People with a role from the provider sign in by it again, so that it says anew what they may.
        if (found.IsTrusted == false)
            return null;
        if (now - found.Session.SeenAt >= DeskSession.SeenEvery)
            await db.DeskSessions.Where(row => row.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.SeenAt, now), cancel);
        return new(found.Role, found.Asks, found.Session.IsProven(now), found.Language);
    }

    /// <summary>Notes that its holder has proved again who they are.</summary>
    public Task ProveAsync(string account, string? id, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return db
            .DeskSessions.Where(row => row.AccountId == account && row.Id == id && row.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ProvenAt, now), cancel);
    }

    public Task<List<DeskSession>> OfAsync(string account, CancellationToken cancel)
    {
        var (seen, begun) = (time.GetUtcNow() - DeskSession.IdleAtMost, time.GetUtcNow() - DeskSession.LastsAtMost);
        return db
            .DeskSessions.AsNoTracking()
            .Where(row => row.AccountId == account && row.EndedAt == null && row.SeenAt > seen && row.BegunAt > begun)
            .OrderByDescending(row => row.SeenAt)
            .ToListAsync(cancel);
    }

    /// <returns>Whether there was one to end.</returns>
    public async Task<bool> EndAsync(string account, string? id, CancellationToken cancel) =>
        await EndAsync(db.DeskSessions.Where(row => row.AccountId == account && row.Id == id), cancel) > 0;

    /// <param name="except">The session that goes on, if any.</param>
    public Task<int> EndAllAsync(string account, string? except, CancellationToken cancel) =>
        EndAsync(db.DeskSessions.Where(row => row.AccountId == account && row.Id != except), cancel);

    private Task<int> EndAsync(IQueryable<DeskSession> rows, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return rows.Where(row => row.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(row => row.EndedAt, (DateTimeOffset?)now), cancel);
    }
}
