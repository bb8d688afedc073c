using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Notices;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Promises;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Notices;
using StatusPage.Web.Pages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Promises;

/// <summary>
/// Finds promises that are about to lapse or have lapsed, and writes the notices about them; closes alerts once the update came. Every node looks. The
/// unique key of a notice ensures that only one node writes it, also after a restart.
/// </summary>
public sealed partial class PromiseWatch(IServiceScopeFactory scopes, TimeProvider time, ILogger<PromiseWatch> logger)
{
    /// <returns>When something is due next; null when nothing comes.</returns>
    public async Task<DateTimeOffset?> LookAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var box = scope.ServiceProvider.GetRequiredService<NoticeBox>();
        var now = time.GetUtcNow();
        DateTimeOffset? next = null;
        foreach (var page in await db.Pages.AsNoTracking().Open().ToListAsync(cancel))
        {
            try
            {
                var open = await db.OpenPromisesAsync(page.Id, cancel);
                await TellAsync(db, box, page, open, now, cancel);
                var held = open.Select(promise => promise.UpdateId).ToHashSet();
                // The update came, or the incident is over or deleted.
                await db.EndTopicsAsync(
                    box,
                    page.Id,
                    PromiseNotice.TopicPrefix,
                    topic => PromiseNotice.UpdateOf(topic) is { } update && !held.Contains(update),
                    "The update came",
                    now,
                    cancel
                );
                if (PromiseChain.NextAfter(open, page.PromiseRule, now) is { } at && (next is null || at < next))
                    next = at;
            }
            catch (Exception exception) when (exception is not OperationCanceledException && !StoreSetup.IsOutage(exception))
            {
                // The promises of the other pages are watched nevertheless.
                Log.PageFailed(logger, page.Id.Value, exception);
                db.ChangeTracker.Clear();
            }
        }
        return next;
    }

    private static partial class Log
    {
        [LoggerMessage(
            242,
            LogLevel.Error,
            "The promises of page {Page} could not be looked through; they are in a few seconds, and those of the other pages are."
        )]
        public static partial void PageFailed(ILogger logger, string page, Exception exception);
    }

    private static async Task TellAsync(
        StatusDb db,
        NoticeBox box,
        Page page,
        IReadOnlyList<OpenPromise> open,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        // The usual case: nothing is due.
        if (!open.Any(promise => promise.By - PromiseChain.RemindedBefore <= now))
            return;
        var contacts = await db.Contacts.AsNoTracking().Where(row => row.PageId == page.Id).OrderBy(row => row.CreatedAt).ToListAsync(cancel);
        var (people, languages) = await PeopleAsync(db, page.Id, open, cancel);
        var due = PromiseChain.Due(open, promise => contacts.Select(PromiseTarget.Of).Concat(people(promise)), page.PromiseRule, now).ToList();
        var keys = due.Select(notice => notice.Key).ToList();
        var told = await db.Notices.Where(row => keys.Contains(row.Key)).Select(row => row.Key).ToListAsync(cancel);
        var news = due.Where(notice => !told.Contains(notice.Key)).ToList();
        if (news.Count == 0)
            return;
        foreach (var notice in news)
        {
            var say = Words.Of(languages.TryGetValue(notice.Target.Address, out var own) ? own : page.Language);
            var clock = ZoneClock.For(page.TimeZone, now, say);
            box.Add(page.Id, notice.Target.Channel, notice.Key, notice.Target.Address, TextOf(notice, clock, now));
        }
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException exception) when (StoreSetup.IsDuplicate(exception))
        {
            // Another node wrote one of them at the same moment. The next look finds the rest.
            db.ChangeTracker.Clear();
        }
    }

    /// <summary>
    /// Reminds the author of the promise, by email and in their browsers. An API key has no person behind it, so the owners are reminded.
    /// </summary>
    /// <returns>The people, and the languages that they chose, by their addresses.</returns>
    private static async Task<(Func<OpenPromise, IEnumerable<PromiseTarget>> People, Dictionary<string, string?> Languages)> PeopleAsync(
        StatusDb db,
        PageId page,
        IReadOnlyList<OpenPromise> open,
        CancellationToken cancel
    )
    {
        var authors = open.Select(promise => promise.Author).Distinct().ToList();
        var accounts = await db.MembersOf(page)
            .Where(row => row.Account.Email != null && (row.Membership.Role == Role.Owner || authors.Contains(row.Account.UserName!)))
            .Select(row => new
            {
                row.Account.Id,
                row.Account.UserName,
                row.Account.Email,
                row.Account.Language,
                row.Membership.Role,
            })
            .ToListAsync(cancel);
        var ids = accounts.Select(row => row.Id).ToList();
        var withBrowser = (
            await db
                .DeskBrowsers.Where(row => row.PageId == page && ids.Contains(row.AccountId))
                .Select(row => row.AccountId)
                .Distinct()
                .ToListAsync(cancel)
        ).ToHashSet();
        var languages = accounts
            .SelectMany(row => new[] { (Address: row.Id, row.Language), (Address: row.Email!, row.Language) })
            .ToDictionary(row => row.Address, row => row.Language);
        return (TargetsOf, languages);

        IEnumerable<PromiseTarget> TargetsOf(OpenPromise promise)
        {
            var author = accounts.Where(row => string.Equals(row.UserName, promise.Author, StringComparison.OrdinalIgnoreCase)).ToList();
            return (author.Count > 0 ? author : accounts.Where(row => row.Role == Role.Owner)).SelectMany(row =>
                withBrowser.Contains(row.Id)
                    ? new PromiseTarget[]
                    {
                        new($"{row.Id}.mail", NoticeChannel.Email, row.Email!, Contact.Reminded),
                        new($"{row.Id}.browser", NoticeChannel.Browser, row.Id, Contact.Reminded),
                    }
                    : [new($"{row.Id}.mail", NoticeChannel.Email, row.Email!, Contact.Reminded)]
            );
        }
    }

    private static NoticeText TextOf(PromiseNotice notice, ZoneClock clock, DateTimeOffset now)
    {
        var (promise, say) = (notice.Promise, clock.Say);
        var by = clock.Near(promise.By, now);
        var what = promise.Severity is { } severity ? $"{Domain.Incidents.Severities.Code(severity)} “{promise.Title}”" : $"“{promise.Title}”";
        var said = say["{0} promised the next update of {1} by {2}.", promise.Author, what, by];
        var keeps = say["A short update that says what is known, with a new time, keeps the promise."];
        var (subject, body) = notice.Stage switch
        {
            PromiseStage.Soon => (say["Update due by {0}: {1}", by, promise.Title], $"{said}\n\n{keeps}"),
            PromiseStage.Lapsed => (
                say["Update overdue since {0}: {1}", by, promise.Title],
                $"{said} {say["None came so far; soon the public page says so."]}\n\n{keeps}"
            ),
            var stage => (
                say["No update since {0}, level {1}: {2}", by, stage == PromiseStage.FirstLevel ? 1 : 2, promise.Title],
                said
                    + " "
                    + say[
                        "{0} later there is none, and whoever was reminded has not posted. Please post one, or find who does.",
                        ZoneClock.InWords(now - promise.By, say)
                    ]
                    + $"\n\n{keeps}"
            ),
        };
        return new(subject, body, say["Post an update"], $"/admin/incidents/{promise.IncidentId}", notice.Topic, Urgency: notice.Urgency);
    }
}

/// <summary>Looks every few seconds, and at the instant at which something falls due.</summary>
public sealed class PromiseWorker(PromiseWatch watch, WorkerTools tools, ILogger<PromiseWorker> logger) : Worker("Promises", tools, logger)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping) => Until(await watch.LookAsync(stopping), Poll);
}
