using System.Globalization;
using System.Text;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Public;

/// <summary>
/// The public pages in Markdown, for programs that read text, and <c>/llms.txt</c> (https://llmstxt.org), which leads there. In English, with times in UTC.
/// The words of people stand as they were written.
/// </summary>
internal sealed class MarkdownTwins(StatusSnapshot snapshot, PublicAddress address)
{
    public const string Suffix = ".md";
    public const string Index = "/llms.txt";
    public const string Home = "/index.md";
    public const string History = "/history.md";

    private readonly StringBuilder _text = new();

    public byte[] OfIndex()
    {
        Line($"# {Name} status", "");
        Line($"> {Plain(Headline.Of(snapshot))}", "");
        Line("## Pages", "");
        Line($"- [Current status]({address.Of(Home)}): components, open incidents, maintenance");
        Line($"- [Incident history]({address.Of(History)}): the incidents of the last 90 days");
        foreach (var component in snapshot.Components.Where(component => component.IsListed))
            Line(Item(component));
        Line("", "## For programs", "");
        Line($"- [Status as JSON]({address.Of("/api/v2/summary.json")}): everything of the current status");
        Line($"- [API]({address.Of("/api/openapi.json")}): the OpenAPI document");
        Line($"- [Feed]({address.Of("/history.atom")}): incidents as Atom");
        return Bytes();
    }

    public byte[] OfHome()
    {
        Line($"# {Name} status", "");
        Line($"**{Plain(Headline.Of(snapshot))}** (as of {ZoneClock.Machine(snapshot.AsOf)})", "");
        Line("## Components", "");
        foreach (var component in snapshot.Components.Where(component => component.IsListed && component.GroupId is null))
            Line(Item(component));
        foreach (var group in snapshot.Groups)
        {
            var members = snapshot.Components.Where(component => component.IsListed && component.GroupId == group.Id).ToList();
            if (members.Count == 0)
                continue;
            Line("", $"### {Plain(group.Name)}", "");
            if (group.Description is { } about)
                Line(Plain(about), "");
            foreach (var member in members)
                Line(Item(member));
        }
        foreach (var incident in snapshot.Open.Take(OpenIncidents.InFull))
            Incident(incident, "## ", inFull: false);
        var maintenances = snapshot.Running.Concat(snapshot.Next).ToList();
        if (maintenances.Count > 0)
            Line("", "## Maintenance", "");
        foreach (var maintenance in maintenances)
            Line($"- {LinkTo(maintenance)}: {maintenance.Phase.Label()}, {Window(maintenance)}");
        Line("", $"[Incident history]({address.Of(History)})");
        return Bytes();
    }

    public byte[] OfHistory()
    {
        Line($"# {Name}: incidents of the last 90 days", "");
        Incidents(snapshot.Incidents);
        return Bytes();
    }

    public byte[] Of(ComponentView component)
    {
        Line($"# {Plain(component.Name)}", "");
        if (component.Description is { } about)
            Line(Plain(about), "");
        Line($"State: **{component.Status.Label()}**", "");
        if (component.Uptime.UptimePercent is { } uptime)
            Line(string.Create(CultureInfo.InvariantCulture, $"Uptime of the last 90 days: {uptime} %"), "");
        Line("## Incidents of the last 90 days", "");
        Incidents(Touched.By(snapshot, component.Id));
        return Bytes();
    }

    public byte[] Of(IncidentView incident)
    {
        Incident(incident, "# ", inFull: true);
        return Bytes();
    }

    public byte[] Of(MaintenanceView maintenance)
    {
        Line($"# {Plain(maintenance.Title)}", "");
        Line($"Maintenance, {maintenance.Phase.Label()}, {Window(maintenance)}");
        var names = snapshot.Components.Where(component => maintenance.ComponentIds.Contains(component.Id)).Select(component => Plain(component.Name));
        if (names.Any())
            Line("", $"Components: {string.Join(", ", names)}");
        foreach (var entry in maintenance.Story)
            Line("", $"## {entry.Phase.Label()}, {ZoneClock.Machine(entry.At)}", "", entry.Body);
        return Bytes();
    }

    private string Name => Plain(snapshot.Name);

    private void Incidents(IEnumerable<IncidentView> incidents)
    {
        var any = false;
        foreach (var incident in incidents)
        {
            any = true;
            Line(
                $"- {ZoneClock.Machine(incident.StartedAt)}: [{Plain(incident.Title)}]({address.Of($"/incidents/{incident.Id}{Suffix}")}), {incident.Label}"
            );
        }
        if (!any)
            Line("None.");
    }

    private void Incident(IncidentView incident, string heading, bool inFull)
    {
        if (!inFull)
            Line("");
        Line(heading + Plain(incident.Title), "");
        Line($"- State: {incident.Label}", $"- Impact: {incident.Impact.Code()}", $"- Began: {ZoneClock.Machine(incident.StartedAt)}");
        if (incident.ResolvedAt is { } end)
            Line($"- Ended: {ZoneClock.Machine(end)}");
        if (incident.Affected.Any())
            Line($"- Components: {string.Join(", ", incident.Affected.Select(component => Plain(component.Name)))}");
        if (incident.NextUpdateBy is { } promise)
            Line($"- Next update by: {ZoneClock.Machine(promise)}");
        if (!inFull)
            Line($"- Page: {address.Of($"/incidents/{incident.Id}{Suffix}")}");
        foreach (var update in inFull ? incident.Updates : [incident.Latest])
        {
            Line("", $"{(inFull ? "## " : "### ")}{update.Label}, {ZoneClock.Machine(update.PostedAt)}", "", update.Body);
            if (update.ImpactSummary is { } impact)
                Line("", $"Impact: {Plain(impact)}");
            if (update.TeamStatus is { } team)
                Line("", $"Team: {Plain(team)}");
        }
        if (inFull && incident.Postmortem is { } postmortem)
            Line("", "## Postmortem", "", postmortem.Body);
    }

    private string Item(ComponentView component) =>
        $"- [{Plain(component.Name)}]({address.Of($"/components/{component.Slug}{Suffix}")}): {component.Status.Label()}";

    private string LinkTo(MaintenanceView maintenance) => $"[{Plain(maintenance.Title)}]({address.Of($"/incidents/{maintenance.Id}{Suffix}")})";

    private static string Window(MaintenanceView maintenance) =>
        $"{ZoneClock.Machine(maintenance.ScheduledFor)} to {ZoneClock.Machine(maintenance.ScheduledUntil)}";

    /// <summary>A line of people's words that is nothing but words (CommonMark, section 2.4).</summary>
    private static string Plain(string words)
    {
        var text = new StringBuilder(words.Length);
        foreach (var letter in words)
        {
            if (letter is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '#' or '!' or '|' or '~')
                text.Append('\\');
            text.Append(letter);
        }
        return text.ToString();
    }

    private void Line(params ReadOnlySpan<string> lines)
    {
        foreach (var line in lines)
            _text.Append(line).Append('\n');
    }

    private byte[] Bytes() => Encoding.UTF8.GetBytes(_text.ToString());
}
