using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;
using StatusPage.Web.Notices;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Drafts;

/// <summary>
/// The seconds after "Post" in which a post can be taken back. Until they are over it is a draft and nothing else, so nothing of it can leave; it lies in
/// the store, so that it is posted also when the browser is closed or the program dies.
/// </summary>
public sealed class Countdowns(ChangeWriter writer, IncidentDesk incidents, Composer composer, NoticeBox notices, CountdownBell bell)
{
    /// <summary>What is later than this, as the program did not run, is left to its author: its times and its words may be wrong by now.</summary>
    public static readonly TimeSpan MostLate = TimeSpan.FromMinutes(5);

    private StatusDb Db => writer.Db;

    public static string AddressOf(Draft draft) => $"/admin/drafts/{draft.Id}";

    /// <summary>Begins the countdown of what would be published now.</summary>
    /// <param name="draft">The draft that it was kept in; null makes one.</param>
    /// <param name="anyway">Whether its poster was asked about its alert, and said yes.</param>
    public async Task<Draft> BeginAsync(
        Page page,
        Incident? about,
        Draft? draft,
        string name,
        string content,
        bool anyway,
        string poster,
        string? token,
        CancellationToken cancel
    )
    {
        if (draft is null)
            Db.Drafts.Add(draft = Draft.Begin(page.Id, about?.Id, name, content, poster, token ?? "", writer.Now));
        draft.BeginCountdown(content, poster, writer.Now + page.TakeBack, about?.Version, anyway, writer.Now);
        await writer.SaveAsync(page.Id, new(poster, "draft.countdown-begun", SubjectOf(draft), token, AddressOf(draft)), cancel);
        bell.Ring();
        return draft;
    }

    public Task TakeBackAsync(Draft draft, string by, CancellationToken cancel)
    {
        draft.StopCountdown(null, writer.Now);
        return writer.SaveAsync(draft.PageId, new(by, "draft.taken-back", SubjectOf(draft)), cancel);
    }

    /// <summary>
    /// Posts a draft at the end of its countdown, or before when its poster does not want to wait: with the rights and the approval of now. What cannot
    /// be posted any more stays a draft that says why, and its poster is told by mail.
    /// </summary>
    public async Task PostAsync(Page page, DraftId id, CancellationToken cancel)
    {
        var draft = await Db.Drafts.SingleAsync(row => row.Id == id, cancel);
        if (draft.Poster is not { } poster)
            return;
        var clock = ZoneClock.For(page.TimeZone, writer.Now);
        var incident = draft.IncidentId is { } about ? await incidents.FindAsync(page.Id, about.Value, cancel) : null;
        var why = await WhyNotAsync(page, draft, poster, incident, clock, cancel);
        if (why is null)
            try
            {
                var approval = Composer.ApprovalOf(draft, draft.Content, poster);
                // The draft's version makes it count once, whoever posts it; the token leads a form that is sent again to the post.
                await incidents.PublishAsync(page, incident, draft, approval, poster, $"countdown.{draft.Id}.{draft.Version}", cancel);
                why = draft.IsCountingDown ? "Nothing in it is new." : null;
            }
            catch (RuleViolation violation)
            {
                Db.ChangeTracker.Clear();
                draft = await Db.Drafts.SingleAsync(row => row.Id == id, cancel);
                why = violation.Message;
            }
        if (why is not null && draft.IsCountingDown)
            await LeaveAsync(page, draft, poster, why, cancel);
    }

    private async Task LeaveAsync(Page page, Draft draft, string poster, string why, CancellationToken cancel)
    {
        draft.StopCountdown(why, writer.Now);
        if (await MemberAsync(page, poster, cancel) is { Account.Email: { } email })
            notices.Mail(
                page.Id,
                $"draft.{draft.Id}.{draft.Version}.not-posted",
                email,
                new($"[{page.Name}] Not posted: {draft.Title}", why, "Read it again", Composer.AddressOf(draft))
            );
        await writer.SaveAsync(page.Id, new(poster, "draft.not-posted", SubjectOf(draft)), cancel);
    }

    private async Task<string?> WhyNotAsync(Page page, Draft draft, string poster, Incident? incident, ZoneClock clock, CancellationToken cancel)
    {
        if (draft.PostsAt is { } at && writer.Now - at > MostLate)
            return $"The program was not running when this was due, at {clock.Near(at, writer.Now)}. Nothing was posted. Read it again, then post it.";
        if ((await MemberAsync(page, poster, cancel))?.Membership.Role.MayPublish() != true)
            return $"{poster} may not publish here any more, so nothing was posted.";
        if (draft.IncidentId is not null && incident is null)
            return "The incident was deleted before this went out, so nothing was posted.";
        if (incident is not null && incident.Version != draft.PostsOn)
            return Composer.WhyStale(incident, clock, "Before this went out");
        var phase = Phases.Parse(ComposerInput.Read(draft.Content).Update.Phase);
        return !draft.PostsAnyway && await composer.WhyNotAsync(draft, phase, clock, cancel) is { } alert ? $"Nothing was posted. {alert}" : null;
    }

    private Task<Member?> MemberAsync(Page page, string name, CancellationToken cancel) =>
        Db.MembersOf(page.Id).AsNoTracking().FirstOrDefaultAsync(row => row.Account.UserName == name, cancel);

    private static string SubjectOf(Draft draft) => $"{draft.Id} {draft.Title}";
}
