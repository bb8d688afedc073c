using StatusPage.Domain.Accounts;
using StatusPage.Domain.Drafts;

namespace StatusPage.Domain.Incidents;

/// <summary>Whether an act has a second pair of eyes.</summary>
/// <param name="Way">Where there is none: how to get one, in a sentence.</param>
public sealed record Approval(bool IsGiven, string Way)
{
    public static readonly Approval Given = new(true, "");

    /// <summary>A program acts alone.</summary>
    public static readonly Approval OfKey = new(
        false,
        "An API key acts alone: write it at the comms desk and submit it for approval there, and somebody else publishes it."
    );

    public static Approval Missing(string way) => new(false, way);
}

/// <summary>Who may do what to an incident, whichever road they come by.</summary>
public static class IncidentRules
{
    /// <summary>Take one off the page without a trace. Everything else is for whoever may publish.</summary>
    public static bool MayDelete(Role role) => role.MayManage();

    /// <summary>
    /// Two pairs of eyes look at whatever changes what the public reads of an incident whose severity asks for it: before the change or after it.
    /// Taking back what was said must not wait, so withdrawing is not among it.
    /// </summary>
    public static void RefuseWithoutApproval(IReadOnlyList<SeverityRule> rules, Severity? before, Severity? after, Approval approval)
    {
        if (approval.IsGiven)
            return;
        if (rules.Where(rule => rule.NeedsApproval && (rule.Severity == before || rule.Severity == after)).MinBy(rule => rule.Severity) is { } rule)
            throw new RuleViolation($"{rule.Severity.Code()} needs two pairs of eyes. {approval.Way}");
    }

    /// <summary>Of a postmortem, which no draft holds: whoever publishes what another wrote is the second pair of eyes.</summary>
    public static Approval ApprovalOfPostmortem(Incident incident, string publisher, bool isProgram) =>
        isProgram ? Approval.OfKey
        : incident.PostmortemAuthor != publisher ? Approval.Given
        : Approval.Missing("Save the postmortem as a draft that is not on the page, and somebody else publishes it.");

    /// <summary>Refuses what a template left open for the writer to fill in.</summary>
    public static void RefuseUnfilled(params ReadOnlySpan<(string Field, string? Text)> texts)
    {
        foreach (var (field, text) in texts)
            if (Template.Unfilled(text) is { } variable)
                throw new RuleViolation($"{variable} stands here for something that only you know. Put it in, or take it out.", field);
    }
}
