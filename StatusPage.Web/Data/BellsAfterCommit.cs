using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Notices;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Notices;

namespace StatusPage.Web.Data;

/// <summary>
/// Rings the bells of the workers that process new announcements and notices, once those are committed. So the code that writes them need not ring, and
/// the workers need not poll often.
/// </summary>
internal sealed class BellsAfterCommit : SaveChangesInterceptor, IDbTransactionInterceptor
{
    public static readonly BellsAfterCommit Instance = new();

    private readonly ConditionalWeakTable<DbContext, News> _news = [];

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        if (eventData.Context is { } db)
        {
            var added = db.ChangeTracker.Entries().Where(entry => entry.State == EntityState.Added).Select(entry => entry.Entity).ToList();
            var news = _news.GetOrCreateValue(db);
            news.Announces |= added.Exists(row => row is Announcement);
            news.Notifies |= added.Exists(row => row is Notice);
        }
        return ValueTask.FromResult(result);
    }

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { Database.CurrentTransaction: null } db)
            Ring(db);
        return ValueTask.FromResult(result);
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { } db)
            Ring(db);
        return Task.CompletedTask;
    }

    /// <summary>Rings only for what was written. A bell that was rung for nothing costs one look.</summary>
    private void Ring(DbContext db)
    {
        if (db is not StatusDb store || !_news.TryGetValue(db, out var news))
            return;
        if (news.Announces)
            store.FindService<FanOutBell>()?.Ring();
        if (news.Notifies)
            store.FindService<NoticeBell>()?.Ring();
        (news.Announces, news.Notifies) = (false, false);
    }

    private sealed class News
    {
        public bool Announces { get; set; }
        public bool Notifies { get; set; }
    }
}
