using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Notices;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Notices;
using StatusPage.Web.Pages;

namespace StatusPage.Web.Deliveries;

/// <summary>
/// Tells the team once when the mail server stops accepting mail, and once when it accepts mail again, by every channel except mail. The desk shows it by
/// itself. Looks whether mails leave another way, too.
/// </summary>
public sealed partial class MailWatch(
    MailTransport transport,
    MailRoutes routes,
    IServiceScopeFactory scopes,
    WorkerTools tools,
    ILogger<MailWatch> logger
) : Worker("The mail server", tools, logger)
{
    private static readonly TimeSpan Looks = TimeSpan.FromSeconds(2);

    /// <summary>A server that is only restarted is not reported.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private MailTrouble? _told;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        await routes.LookAsync(stopping);
        var trouble = transport.Trouble;
        if (trouble is null && _told is { } over)
        {
            await TellAsync(over, isOver: true, stopping);
            Log.Works(logger);
            _told = null;
        }
        else if (trouble is not null && _told is null && Time.GetUtcNow() - trouble.Since >= Patience)
        {
            await TellAsync(trouble, isOver: false, stopping);
            Log.TakesNothing(logger, trouble.Reason);
            _told = trouble;
        }
        return Looks;
    }

    private async Task TellAsync(MailTrouble trouble, bool isOver, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var box = scope.ServiceProvider.GetRequiredService<NoticeBox>();
        foreach (var page in await db.Pages.AsNoTracking().Open().Select(row => new { row.Id, row.Name }).ToListAsync(cancel))
        {
            // Nodes that share a mail server notice within the same minutes; the first one tells.
            var topic = $"mail-server.{page.Id}.{trouble.Since.ToUnixTimeSeconds() / 600}";
            var text = isOver
                ? new NoticeText(
                    $"[{page.Name}] Mails go out again",
                    "The mail server takes mails again. What waited is sent now.",
                    "Open the desk",
                    "/admin",
                    topic,
                    Closes: true
                )
                : new NoticeText(
                    $"[{page.Name}] No mails go out",
                    $"{trouble.Reason}\n\nNothing is lost: everything waits and is sent once the server takes it. Until then nobody is told by email.",
                    "Open the desk",
                    "/admin",
                    topic,
                    Urgency: NoticeUrgency.Warning
                );
            foreach (var (channel, address) in await TargetsAsync(db, page.Id, cancel))
            {
                var key = $"{topic}.{(isOver ? "over" : "down")}.{channel}.{address}";
                if (!await db.Notices.AnyAsync(row => row.Key == key, cancel))
                    box.Add(page.Id, channel, key, address, text);
            }
            try
            {
                await db.SaveChangesAsync(cancel);
            }
            catch (DbUpdateException exception) when (StoreSetup.IsDuplicate(exception))
            {
                // Another node told the team at the same moment.
                db.ChangeTracker.Clear();
            }
        }
    }

    private static async Task<IReadOnlyList<(NoticeChannel Channel, string Address)>> TargetsAsync(StatusDb db, PageId page, CancellationToken cancel)
    {
        var contacts = await db.Contacts.AsNoTracking().Where(row => row.PageId == page && row.Channel != NoticeChannel.Email).ToListAsync(cancel);
        var owners = await db.MembersOf(page).Where(row => row.Membership.Role == Role.Owner).Select(row => row.Account.Id).ToListAsync(cancel);
        var browsers = await db
            .DeskBrowsers.Where(row => row.PageId == page && owners.Contains(row.AccountId))
            .Select(row => row.AccountId)
            .Distinct()
            .ToListAsync(cancel);
        return
        [
            .. contacts.Select(contact => (contact.Channel, contact.NoticeAddress)).Distinct(),
            .. browsers.Select(account => (NoticeChannel.Browser, account)),
        ];
    }

    private static partial class Log
    {
        [LoggerMessage(218, LogLevel.Warning, "The mail server takes no mails; they wait. {Reason}")]
        public static partial void TakesNothing(ILogger logger, string reason);

        [LoggerMessage(219, LogLevel.Information, "The mail server takes mails again.")]
        public static partial void Works(ILogger logger);
    }
}
