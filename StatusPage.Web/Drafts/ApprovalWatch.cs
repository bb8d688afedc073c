using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Notices;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;
using StatusPage.Web.Notices;

namespace StatusPage.Web.Drafts;

/// <summary>Reminds of drafts that wait for approval: those who may give it, and whoever asked for it, who may know whom to call.</summary>
public sealed class ApprovalWatch(Composer composer, NoticeBox notices, TimeProvider time)
{
    /// <summary>Waiting times after which people are reminded, the longest first.</summary>
    private static readonly TimeSpan[] After = [TimeSpan.FromHours(1), TimeSpan.FromMinutes(15)];

    public async Task LookAsync(CancellationToken cancel)
    {
        var (db, now) = (composer.Db, time.GetUtcNow());
        var since = now - After[^1];
        foreach (
            var draft in await db.Drafts.AsNoTracking().Where(row => row.State == DraftState.Submitted && row.SubmittedAt < since).ToListAsync(cancel)
        )
        {
            var waits = now - draft.SubmittedAt!.Value;
            var stage = Array.Find(After, after => waits >= after);
            var key = $"draft.{draft.Id}.{draft.SubmittedAt.Value.ToUnixTimeSeconds()}.waits.{stage.TotalMinutes:0}";
            if (draft.IsCountingDown || waits > Notice.KeptFor || await db.Notices.AnyAsync(row => row.Key.StartsWith(key), cancel))
                continue;
            var page = await db.Pages.AsNoTracking().SingleAsync(row => row.Id == draft.PageId, cancel);
            foreach (var person in (await composer.PublishersAsync(page.Id, cancel)).Append(await AddressAsync(draft, cancel)).OfType<string>().Distinct())
                notices.Mail(
                    page.Id,
                    $"{key}.{person}",
                    person,
                    new(
                        $"[{page.Name}] Still waits for approval: {draft.Title}",
                        person == draft.SubmittedBy
                            ? $"What you submitted, “{draft.Title}”, has waited for {stage.TotalMinutes:0} minutes, and customers have read none of it. Call somebody who may publish it."
                            : $"{draft.SubmittedBy} submitted “{draft.Title}” {stage.TotalMinutes:0} minutes ago. Nobody has published it or sent it back.",
                        "Read it",
                        Composer.AddressOf(draft)
                    )
                );
            try
            {
                await db.SaveChangesAsync(cancel);
            }
            catch (DbUpdateException exception) when (StoreSetup.IsDuplicate(exception))
            {
                // Another node reminded them at the same moment.
                db.ChangeTracker.Clear();
            }
        }
    }

    private Task<string?> AddressAsync(Draft draft, CancellationToken cancel) =>
        composer
            .Db.MembersOf(draft.PageId)
            .Where(row => row.Account.UserName == draft.SubmittedBy)
            .Select(row => row.Account.Email)
            .FirstOrDefaultAsync(cancel);
}
