using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Notices;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Promises;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;
using StatusPage.Web.Drafts;
using StatusPage.Web.Notices;

namespace StatusPage.Web.Alerts;

/// <summary>Tells the team of drafts: at once, and again while nobody takes them. Alerts in other systems are closed once somebody did.</summary>
public sealed class AlertCalls(StatusDb db, NoticeBox box, TimeProvider time)
{
    /// <summary>Drafts within <see cref="StormWithin"/> of which the team is told one by one.</summary>
    public const int StormFrom = 10;

    public static readonly TimeSpan StormWithin = TimeSpan.FromMinutes(10);

    /// <summary>Calls those who are told at once.</summary>
    public async Task DraftedAsync(Page page, AlertCase made, Draft draft, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var since = now - StormWithin;
        var targets = await TargetsAsync(page.Id, cancel);
        if (await db.AlertCases.CountAsync(row => row.PageId == page.Id && row.DraftedAt > since, cancel) >= StormFrom)
        {
            await StormAsync(page, targets, now, cancel);
            return;
        }
        var untaken = new UntakenCase(made.Id, made.Title, made.Severity, made.DraftedAt!.Value);
        await AddAsync(page, AlertChain.Due([untaken], targets, page.PromiseRule, now), Composer.AddressOf(draft), cancel);
    }

    /// <summary>In a storm of alerts, one message stands for many.</summary>
    private async Task StormAsync(Page page, IReadOnlyList<PromiseTarget> targets, DateTimeOffset now, CancellationToken cancel)
    {
        var window = now.ToUnixTimeSeconds() / (long)StormWithin.TotalSeconds;
        foreach (var target in targets.Where(target => target.Level == Contact.Reminded))
        {
            var key = $"{AlertCall.TopicPrefix}storm.{page.Id}.{window}.{target.Name}";
            if (!await db.Notices.AnyAsync(row => row.Key == key, cancel) && !db.Notices.Local.Any(row => row.Key == key))
                box.Add(
                    page.Id,
                    target.Channel,
                    key,
                    target.Address,
                    new(
                        $"[{page.Name}] Many alerts became drafts",
                        $"More than {StormFrom} alerts became drafts within {StormWithin.TotalMinutes:0} minutes. You are told of the further ones together. Nothing of them is public yet.",
                        "Open the alerts",
                        "/admin/alerts",
                        Urgency: NoticeUrgency.Error
                    )
                );
        }
    }

    public Task FiresAgainAsync(AlertCase found, string title, string? said, CancellationToken cancel) =>
        TellAsync(
            found,
            "again",
            new(
                $"It fires again: {title}",
                $"An alert of the open incident “{found.Title}” fires again after all had resolved. {said}".Trim(),
                "Open the alert",
                $"/admin/alerts/{found.Id}",
                Urgency: NoticeUrgency.Error
            ),
            cancel
        );

    public Task PlannedAnewAsync(AlertCase found, string time, CancellationToken cancel) =>
        TellAsync(
            found,
            "anew",
            new(
                $"Published by itself at {time}: {found.Title}",
                $"The program was not running for a while. A draft that is published by itself was due in that time, or soon after. It is published at {time}, unless somebody takes or stops it.",
                "Open the alert",
                $"/admin/alerts/{found.Id}",
                Urgency: NoticeUrgency.Error
            ),
            cancel
        );

    /// <summary>Tells those who are told at once.</summary>
    private async Task TellAsync(AlertCase found, string what, NoticeText text, CancellationToken cancel)
    {
        foreach (var target in (await TargetsAsync(found.PageId, cancel)).Where(target => target.Level == Contact.Reminded))
            box.Add(found.PageId, target.Channel, $"{AlertCall.TopicPrefix}{found.Id}.{what}.{found.Version}.{target.Name}", target.Address, text);
    }

    public async Task EndProposedAsync(AlertCase found, Incident incident, Draft draft, CancellationToken cancel)
    {
        foreach (var target in (await TargetsAsync(found.PageId, cancel)).Where(target => target.Level == Contact.Reminded))
            box.Add(
                found.PageId,
                target.Channel,
                $"{AlertCall.TopicPrefix}{found.Id}.end.{draft.Id}.{target.Name}",
                target.Address,
                new(
                    $"Its alerts have resolved: {incident.Title}",
                    "All alerts of this incident have resolved. The update that says so to your customers is drafted, and waits for somebody to read and publish it.",
                    "Read and publish",
                    Composer.AddressOf(draft)
                )
            );
    }

    /// <summary>Calls the next level where a draft waits too long, and ends what calls for nothing any more.</summary>
    /// <returns>When something is due next; null when nothing comes.</returns>
    public async Task<DateTimeOffset?> LookAsync(Page page, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var waiting = await db
            .AlertCases.AsNoTracking()
            .Where(row =>
                row.PageId == page.Id && row.State == AlertCaseState.Open && row.TakenBy == null && row.IncidentId == null && row.DraftId != null
            )
            .Select(row => new
            {
                row.Id,
                row.Title,
                row.Severity,
                row.DraftedAt,
                row.DraftId,
            })
            .ToListAsync(cancel);
        var untaken = waiting.ConvertAll(row => new UntakenCase(row.Id, row.Title, row.Severity, row.DraftedAt!.Value));
        if (untaken.Exists(one => AlertChain.At(one, 1, page.PromiseRule) <= now))
        {
            var targets = (await TargetsAsync(page.Id, cancel)).Where(target => target.Level > Contact.Reminded).ToList();
            await AddAsync(page, AlertChain.Due(untaken, targets, page.PromiseRule, now), "/admin/alerts", cancel);
        }
        var held = untaken.Select(one => one.Id).ToHashSet();
        await db.EndTopicsAsync(
            box,
            page.Id,
            AlertCall.TopicPrefix,
            topic => AlertCall.CaseOf(topic) is { } id && !held.Contains(id),
            "Somebody has it",
            now,
            cancel
        );
        return AlertChain.NextAfter(untaken, page.PromiseRule, now);
    }

    private async Task AddAsync(Page page, IEnumerable<AlertCall> due, string path, CancellationToken cancel)
    {
        var calls = due.ToList();
        var keys = calls.ConvertAll(call => call.Key);
        var told = await db.Notices.Where(row => keys.Contains(row.Key)).Select(row => row.Key).ToListAsync(cancel);
        foreach (var call in calls.Where(call => !told.Contains(call.Key)))
            box.Add(page.Id, call.Target.Channel, call.Key, call.Target.Address, Words(page, call, path));
    }

    private static NoticeText Words(Page page, AlertCall call, string path)
    {
        var severity = call.Case.Severity is { } rated ? $" ({rated.Code()})" : "";
        return call.Level == Contact.Reminded
            ? new(
                $"[{page.Name}] An alert became a draft{severity}: {call.Case.Title}",
                "An alert came in and a draft for the status page is ready. Take it, read it, and publish or discard it. Nothing of it is public yet.",
                "Open the draft",
                path,
                call.Topic,
                Urgency: call.Urgency
            )
            : new(
                $"[{page.Name}] Nobody has taken it, level {call.Level}{severity}: {call.Case.Title}",
                "An alert became a draft for the status page, and nobody has taken it in the time that its severity allows. Please take it, or find somebody who does.",
                "Open the alerts",
                path,
                call.Topic,
                Urgency: call.Urgency
            );
    }

    /// <summary>The contacts, and by email everybody who may publish.</summary>
    private async Task<IReadOnlyList<PromiseTarget>> TargetsAsync(PageId page, CancellationToken cancel)
    {
        var contacts = await db.Contacts.AsNoTracking().Where(row => row.PageId == page).OrderBy(row => row.CreatedAt).ToListAsync(cancel);
        var people = await db.MembersOf(page)
            .Where(row => row.Account.Email != null && (row.Membership.Role == Role.Owner || row.Membership.Role == Role.Comms))
            .Select(row => new { row.Account.Id, row.Account.Email })
            .ToListAsync(cancel);
        var ids = people.ConvertAll(row => row.Id);
        var withBrowser = await db
            .DeskBrowsers.Where(row => row.PageId == page && ids.Contains(row.AccountId))
            .Select(row => row.AccountId)
            .Distinct()
            .ToListAsync(cancel);
        return
        [
            .. contacts.Select(PromiseTarget.Of),
            .. people.Select(person => new PromiseTarget($"mail-{person.Id}", NoticeChannel.Email, person.Email!, Contact.Reminded)),
            .. withBrowser.Select(id => new PromiseTarget($"browser-{id}", NoticeChannel.Browser, id, Contact.Reminded)),
        ];
    }
}
