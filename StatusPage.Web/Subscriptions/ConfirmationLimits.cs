using System.Globalization;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Notices;

namespace StatusPage.Web.Subscriptions;

/// <summary>
/// Limits how many mails strangers can have a page send: to one mailbox, however its address is written, and in all. Counted for all nodes.
/// </summary>
public sealed class ConfirmationLimits(Counts counts, Settings settings, IServiceScopeFactory scopes, TimeProvider time)
{
    /// <summary>Mails that anybody but its owner can have sent to one mailbox in an hour, by whatever page.</summary>
    private const int MailboxPerHour = 3;
    private const string Mailbox = "mail.mailbox";
    private const string OfPage = "mail.page";
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>
    /// Takes one mail. A request beyond the page's ceiling is refused in so many words, whoever it is for, and can be made again. Beyond the limit of one
    /// mailbox there is silence, as the answer would otherwise tell that somebody else asked.
    /// </summary>
    /// <returns>False: too many were sent to this mailbox in the last hour.</returns>
    /// <exception cref="LimitReached">The page has sent as many as it sends in an hour.</exception>
    public async Task<bool> TakeAsync(PageId page, string email, CancellationToken cancel)
    {
        // Checked before anything about the address, so that the refusal tells nothing of it.
        if (await counts.PeekAsync(OfPage, page.Value, cancel) is var all && all.Number >= settings.ConfirmationsPerHour)
            throw Reached(all.EndsIn);
        if (await counts.AddAsync(Mailbox, EmailAddress.Mailbox(email), Window, cancel) > MailboxPerHour)
            return false;
        var taken = await counts.TakeAsync(OfPage, page.Value, Window, cancel);
        if (taken.Number > settings.ConfirmationsPerHour)
            throw Reached(taken.EndsIn);
        if (taken.Number == settings.ConfirmationsPerHour)
            await TellOwnersAsync(page, taken.EndsIn, cancel);
        return true;
    }

    private static LimitReached Reached(TimeSpan wait) =>
        new(
            $"So many people are subscribing that this page sends no more confirmations for now. "
                + $"Nothing was saved; try again in {Math.Max(1, (int)Math.Ceiling(wait.TotalMinutes))} minutes.",
            wait
        );

    /// <summary>Tells the owners once for each window: it is a busy hour, or somebody has mails sent to strangers.</summary>
    private async Task TellOwnersAsync(PageId page, TimeSpan wait, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var box = scope.ServiceProvider.GetRequiredService<NoticeBox>();
        var name = await db.Pages.Where(row => row.Id == page).Select(row => row.Name).SingleAsync(cancel);
        var until = (time.GetUtcNow() + wait).ToUnixTimeSeconds() / (long)Window.TotalSeconds;
        foreach (
            var owner in await db.MembersOf(page)
                .Where(row => row.Membership.Role == Role.Owner)
                .Select(row => new
                {
                    row.Account.Id,
                    row.Account.Email,
                    row.Account.Language,
                })
                .ToListAsync(cancel)
        )
        {
            var key = $"confirmations.{page}.{until}.{owner.Id}";
            if (owner.Email is null || await db.Notices.AnyAsync(row => row.Key == key, cancel))
                continue;
            var say = Words.Of(owner.Language);
            box.Mail(
                page,
                key,
                owner.Email,
                new(
                    $"[{name}] {say["No more confirmations are sent this hour"]}",
                    say[
                        "{0} has sent {1:N0} requests to confirm a subscription within an hour, which is the most it sends. Who asks now is told to try again later; everybody who is subscribed already goes on being told.",
                        name,
                        settings.ConfirmationsPerHour
                    ]
                        + "\n\n"
                        + say[
                            "Many people may be subscribing at once, or somebody has strangers written to in your name: the list of pending subscribers shows which. The ceiling is the setting Limits:ConfirmationsPerHour."
                        ],
                    say["See who is pending"],
                    "/admin/subscribers?state=pending"
                )
            );
        }
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException exception) when (StoreSetup.IsDuplicate(exception))
        {
            // Another node told them at the same moment.
        }
    }
}
