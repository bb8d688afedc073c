using StatusPage.Domain.Accounts;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Postmortems;

namespace StatusPage.Domain.Incidents;

/// <summary>Whether a second pair of eyes has looked at a change.</summary>
/// <param name="Way">If not: how to get that, in a sentence.</param>
public sealed record Approval(bool IsGiven, Sentence Way)
{
    public static readonly Approval Given = new(true, "");

    /// <summary>A program acts alone.</summary>
    public static readonly Approval OfKey = new(
        false,
        "An API key acts alone: write it at the comms desk and submit it for approval there, and somebody else publishes it."
    );

    public static Approval Missing(Sentence way) => new(false, way);
}

/// <summary>Who may do what to an incident, the same for the web form, the API and commands.</summary>
public static class IncidentRules
{
    /// <summary>Whether a role may remove an incident from the page without a trace. Publishing rights are enough for everything else.</summary>
    public static bool MayDelete(Role role) => role.MayManage();

    /// <summary>
    /// If the severity of an incident, before or after a change, asks for it, two people look at every change to what the public reads of that incident.
    /// Withdrawing must not wait, so it needs no approval.
    /// </summary>
    public static void RefuseWithoutApproval(IReadOnlyList<SeverityRule> rules, Severity? before, Severity? after, Approval approval)
    {
        if (approval.IsGiven)
            return;
        if (rules.Where(rule => rule.NeedsApproval && (rule.Severity == before || rule.Severity == after)).MinBy(rule => rule.Severity) is { } rule)
            throw new RuleViolation($"{rule.Severity.Code()} needs two pairs of eyes. {approval.Way}");
    }

    /// <summary>The approval of a postmortem, which no draft holds: a publisher who did not write it is the second pair of eyes.</summary>
    public static Approval ApprovalOfPostmortem(Incident incident, string publisher, bool isProgram) =>
        isProgram ? Approval.OfKey
        : incident.PostmortemAuthor != publisher ? Approval.Given
        : Approval.Missing("Save the postmortem as a draft that is not on the page, and somebody else publishes it.");

    /// <summary>The approval of a postmortem that the team wrote: somebody else than the publisher has approved it, or the publisher did not write in it.</summary>
    public static Approval ApprovalOfPostmortem(Postmortem postmortem, string publisher) =>
        postmortem.Reviews.Any(review => review.Approves == true && review.Reviewer != publisher) || !postmortem.Writers.Contains(publisher)
            ? Approval.Given
            : Approval.Missing("Ask somebody to review it, or somebody else publishes it.");

    /// <summary>Refuses variables that a template left for the writer to fill in.</summary>
    public static void RefuseUnfilled(params ReadOnlySpan<(string Field, string? Text)> texts)
    {
        foreach (var (field, text) in texts)
            if (Template.Unfilled(text) is { } variable)
                throw new RuleViolation($"{variable} stands here for something that only you know. Put it in, or take it out.", field);
    }
}
