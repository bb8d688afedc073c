using StatusPage.Domain.Audiences;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Incidents;
using StatusPage.Web.Languages;

namespace StatusPage.Web.Drafts;

public enum PostKind
{
    Post,
    Reopen,
    Approve,
    Backfill,
}

/// <summary>What the button that posts does, so that it can say so.</summary>
/// <param name="Goal">Where it goes: "the page, 1,204 mails, Slack".</param>
public sealed record PostWords(PostKind Kind, string Goal)
{
    public static PostWords Of(
        Incident? about,
        Draft? draft,
        UpdateContent addressed,
        bool isBackfilled,
        string actor,
        Reach reach,
        IReadOnlyList<Audience> audiences,
        Words say
    ) =>
        new(
            isBackfilled ? PostKind.Backfill
                : draft?.IsApprovedBy(actor) == true ? PostKind.Approve
                : about is { IsBackfilled: false } && about.Phase.IsOver() && !addressed.Phase.IsOver() ? PostKind.Reopen
                : PostKind.Post,
            reach.Goal(addressed, audiences, say)
        );
}
