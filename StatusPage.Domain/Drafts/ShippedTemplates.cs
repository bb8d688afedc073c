using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Drafts;

/// <summary>
/// A small starting set, written after the incident management guide: what customers notice, what is done, no blame. Known variables: component, page,
/// incident, severity. The writer fills in the others.
/// </summary>
public static class ShippedTemplates
{
    public static IReadOnlyList<Template> For(PageId page, DateTimeOffset now) =>
        [
            Opening(
                page,
                now,
                "Elevated errors",
                Severity.Sev2,
                "Elevated error rates on {{component}}",
                "We are investigating elevated error rates on {{component}}.",
                "~{{percent}}% of requests failing",
                "Working on identifying root cause"
            ),
            Opening(
                page,
                now,
                "Full outage",
                Severity.Sev1,
                "{{component}} is down",
                "{{component}} does not respond at the moment. All hands are on it.",
                "All requests failing",
                "Finding out what changed"
            ),
            Opening(
                page,
                now,
                "Slow responses",
                Severity.Sev3,
                "Slow responses from {{component}}",
                "{{component}} responds more slowly than usual. Requests succeed, but take longer.",
                "Requests take up to {{seconds}} seconds",
                "Looking for the bottleneck"
            ),
            Opening(
                page,
                now,
                "Sign-in failures",
                Severity.Sev2,
                "Sign-in failures",
                "Some people cannot sign in. Who is signed in already is not affected.",
                "~{{percent}}% of sign-ins failing",
                "Checking the identity provider"
            ),
            Opening(
                page,
                now,
                "A provider's trouble",
                Severity.Sev3,
                "{{component}} is affected by an outage at {{provider}}",
                "{{provider}}, on which {{component}} depends, has an outage. We are in contact with them.",
                "{{what}} not available",
                "In contact with {{provider}}"
            ),
            Update(
                page,
                now,
                "Still investigating",
                Phase.Investigating,
                "We have not found the cause yet. So far we have ruled out {{ruled out}}.",
                "Working on identifying root cause"
            ),
            Update(page, now, "Cause found", Phase.Identified, "We have found the cause: {{cause}}. We are {{what we do}}.", "Rolling out a fix"),
            Update(
                page,
                now,
                "Fix takes longer",
                Phase.Identified,
                "The fix takes longer than we hoped, since {{reason}}. Nothing else has changed for you.",
                "Working on the fix"
            ),
            Update(page, now, "Workaround", Phase.Identified, "Until this is mended: {{workaround}}.", "Rolling out a fix"),
            Update(
                page,
                now,
                "Fix is in place",
                Phase.Monitoring,
                "A fix is in place and {{component}} works again. We are watching it before we call this resolved.",
                "Watching the error rate"
            ),
            Update(
                page,
                now,
                "Resolved",
                Phase.Resolved,
                "{{component}} has worked normally since {{time}}. This incident is resolved. We are sorry for the trouble.",
                null
            ),
            Update(
                page,
                now,
                "Resolved, report follows",
                Phase.Resolved,
                "{{component}} works normally again. We will publish what happened, and what we change, by {{day}}.",
                null
            ),
        ];

    private static Template Opening(
        PageId page,
        DateTimeOffset now,
        string name,
        Severity severity,
        string title,
        string body,
        string impact,
        string team
    ) => Template.Create(page, now).Write(name, opens: true, Phase.Investigating, severity, title, body, impact, team, [], now);

    private static Template Update(PageId page, DateTimeOffset now, string name, Phase phase, string body, string? team) =>
        Template.Create(page, now).Write(name, opens: false, phase, null, null, body, null, team, [], now);
}
