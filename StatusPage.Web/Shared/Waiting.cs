using StatusPage.Domain.Channels;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Handovers;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Accounts;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Drafts;
using StatusPage.Web.Languages;

namespace StatusPage.Web.Shared;

/// <summary>Something that waits for whoever looks at the desk.</summary>
/// <param name="Kind">For the style sheet: overdue, trouble, alert, approval, handover, promise, draft.</param>
/// <param name="Label">The kind in a word.</param>
/// <param name="Link">Null where there is nowhere to go.</param>
/// <param name="At">What the clock runs to, or ran past; null without such an instant.</param>
/// <param name="Note">What else there is to say.</param>
public sealed record Waiting(string Kind, string Label, string Title, string? Link, DateTimeOffset? At = null, string? Note = null)
{
    /// <summary>The open draft that it is, which can be thrown away where it is listed.</summary>
    public Draft? Draft { get; init; }

    public bool IsBad => Kind is "overdue" or "trouble";
}

/// <summary>What waits, the most urgent first: what lapsed, what does not work, what happens by itself, what people are asked for, and what lies about.</summary>
public static class WaitingList
{
    /// <summary>Of an alert that nobody has taken, and of messages without a place of their own.</summary>
    private const string Alerts = "/admin/alerts";

    public static IReadOnlyList<Waiting> Of(HomePage desk, Handover? handover)
    {
        if (!desk.MayDraft)
            return [];
        var say = desk.Say;
        return
        [
            .. Promises(desk, overdue: true, say),
            .. desk.MayPublish ? Troubles(desk, say) : [],
            .. AlertsOf(desk, byThemselves: true, say),
            .. desk.Drafts.Where(draft => draft.State == DraftState.Submitted).Select(draft => Submitted(draft, desk, say)),
            .. handover is null
                ? Array.Empty<Waiting>()
                :
                [
                    new(
                        "handover",
                        say["Handover"],
                        say["{0} handed over, and nobody has acknowledged it yet", handover.Author],
                        $"/admin/handover/{handover.Id}",
                        null,
                        desk.Clock.DateAndTime(handover.CreatedAt)
                    ),
                ],
            .. Promises(desk, overdue: false, say),
            .. AlertsOf(desk, byThemselves: false, say),
            .. desk
                .Drafts.Where(draft => draft.State == DraftState.Open)
                .Select(draft => new Waiting("draft", say["Draft"], draft.Title, Composer.AddressOf(draft)) { Draft = draft }),
        ];
    }

    private static IEnumerable<Waiting> Promises(HomePage desk, bool overdue, Words say) =>
        from incident in desk.Open
        where incident.NextUpdateBy is { } promise && promise <= desk.Now == overdue
        orderby incident.NextUpdateBy
        select new Waiting(
            overdue ? "overdue" : "promise",
            overdue ? say["Overdue"] : say["Promise"],
            incident.Title,
            $"/admin/incidents/{incident.Id}",
            incident.NextUpdateBy,
            say["next update by {0}", desk.Clock.Near(incident.NextUpdateBy!.Value, desk.Now)]
        );

    private static Waiting Submitted(Draft draft, HomePage desk, Words say)
    {
        var isMine = draft.SubmittedBy == desk.Actor || !desk.MayPublish;
        return new(
            "approval",
            isMine ? say["Submitted"] : say["Approve"],
            draft.Title,
            Composer.AddressOf(draft),
            null,
            say["submitted by {0}, {1}", draft.SubmittedBy, desk.Clock.DateAndTime(draft.SubmittedAt!.Value)]
        );
    }

    private static IEnumerable<Waiting> AlertsOf(HomePage desk, bool byThemselves, Words say) =>
        from alert in desk.Alerts
        where alert is { IsPublishedByItselfLater: true, DueAt: not null } == byThemselves
        select new Waiting(
            "alert",
            alert.Severity is { } rated ? $"{say["Alert"]} {rated.Code()}" : say["Alert"],
            alert.Title,
            $"{Alerts}/{alert.Id}",
            byThemselves ? alert.DueAt : null,
            byThemselves ? say["published by itself at {0}", desk.Clock.Near(alert.DueAt!.Value, desk.Now)]
                : alert.IncidentId is not null ? say["its incident is over, and it still fires"]
                : alert.TakenBy is { } who ? say["taken by {0}", who]
                : say["since {0}, taken by nobody", desk.Clock.Near(alert.AlertedAt, desk.Now)]
        );

    private static IEnumerable<Waiting> Troubles(HomePage desk, Words say)
    {
        var (trouble, clock, label) = (desk.Trouble, desk.Clock, say["Trouble"]);
        if (trouble.Mail is { } mail)
            yield return new(
                "trouble",
                label,
                say["The mail server takes no mails"],
                "/admin/mail",
                null,
                $"{say["since {0}", clock.Near(mail.Since, desk.Now)]}: {mail.Reason} {say["Nothing is lost: what waits is sent once it does."]}"
            );
        foreach (var account in trouble.Accounts)
            yield return new(
                "trouble",
                label,
                say["{0} ({1}) does not work", account.Name, account.Channel.Label()],
                desk.MayManage ? $"/admin/channels/{account.Id}" : null,
                null,
                $"{(account.Since is { } since ? $"{say["since {0}", clock.Near(since, desk.Now)]}: " : "")}{account.Reason}"
            );
        if (trouble.Failed > 0)
            yield return new(
                "trouble",
                label,
                say.Count(trouble.Failed, "1 message of the last day could not be delivered", "{0:N0} messages of the last day could not be delivered"),
                trouble.FailedUpdate is { } update ? $"/admin/deliveries/{update}" : null,
                null,
                trouble.FailedFor
            );
        if (trouble.Bounced > 0)
            yield return new(
                "trouble",
                label,
                say["{0:N0} addresses ({1} %) bounced or complained within a day", trouble.Bounced, trouble.BouncedPercent],
                "/admin/subscribers?state=suppressed",
                null,
                say["Nothing more is sent there. Mail providers slow down or block who goes on like this."]
            );
        if (desk.Untold is { } untold)
            yield return new(
                "trouble",
                label,
                say["“{0}” did not arrive by {1}: {2}", untold.Subject, untold.Channel, untold.LastError],
                "/admin/promises",
                null,
                say["Somebody of the team could not be told."]
            );
    }
}
