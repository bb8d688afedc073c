using System.Globalization;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Postmortems;

/// <summary>What is known of an incident: what a postmortem begins with, and the moments of its timeline.</summary>
public sealed class PostmortemSources(StatusDb db)
{
    /// <summary>Characters of an update or note in the timeline; whoever wants all of it reads the incident.</summary>
    private const int Short = 200;

    /// <summary>Rows of one kind that are read.</summary>
    private const int MostRows = 200;

    /// <summary>Acts that are told nowhere else. Updates and notes tell of themselves; who did it is not said.</summary>
    private static readonly Dictionary<string, string> Acts = new(StringComparer.Ordinal)
    {
        ["incident.edited"] = "Title, severity or impact changed",
        ["incident.roles-assigned"] = "Roles assigned",
        ["incident.withdrawn"] = "Incident withdrawn",
        ["update.corrected"] = "An update corrected",
        ["update.withdrawn"] = "An update withdrawn",
    };

    /// <summary>The page's sections, filled in as far as the incident says something. A text that the API wrote is taken over.</summary>
    public async Task<PostmortemContent> BeginAsync(Page page, Incident incident, CancellationToken cancel)
    {
        var template = PostmortemTemplate.Parse((await db.PostmortemTemplateAsync(page.Id, cancel)).Body);
        var sections = template.Select(section => new PostmortemSection(section.Kind, section.Heading, Filled(section, incident))).ToList();
        if (incident.PostmortemBody is { } written)
            TakeOver(sections, written);
        return new(null, null, sections, await MomentsAsync(incident, cancel));
    }

    /// <summary>What happened when, by time: updates and alerts are told, notes and acts of the desk are there to be chosen.</summary>
    public async Task<IReadOnlyList<TimelineEntry>> MomentsAsync(Incident incident, CancellationToken cancel)
    {
        var moments = incident
            .Updates.Where(update => update.WithdrawnAt is null)
            .Select(update => Entry($"u:{update.Id}", update.PostedAt, Told(update), TimelineSource.Update, isIn: true))
            .ToList();
        var cases = await db.AlertCases.AsNoTracking().Where(row => row.IncidentId == incident.Id).OrderBy(row => row.AlertedAt).ToListAsync(cancel);
        moments.AddRange(cases.Select(row => Entry($"c:{row.Id}", row.AlertedAt, $"Alert triggered: {row.Title}", TimelineSource.Alert, isIn: true)));
        var ids = cases.ConvertAll(row => row.Id);
        var lines = await db.AlertLines.AsNoTracking().Where(row => ids.Contains(row.CaseId)).OrderBy(row => row.Id).Take(MostRows).ToListAsync(cancel);
        moments.AddRange(lines.Select(row => Entry(Number("a", row.Id), row.At, row.Said, TimelineSource.Alert, isIn: false)));
        var notes = await db
            .IncidentNotes.AsNoTracking()
            .Where(row => row.IncidentId == incident.Id)
            .OrderBy(row => row.Id)
            .Take(MostRows)
            .ToListAsync(cancel);
        moments.AddRange(notes.Select(row => Entry(Number("n", row.Id), row.At, Markdown.ToText(row.Body), TimelineSource.Note, isIn: true)));
        var (subject, acts) = ($"{incident.Id} ", Acts.Keys.ToList());
        var done = await db
            .Audit.AsNoTracking()
            .Where(row => row.PageId == incident.PageId && row.At >= incident.StartedAt && acts.Contains(row.Action) && row.Subject.StartsWith(subject))
            .OrderBy(row => row.Id)
            .Take(MostRows)
            .Select(row => new
            {
                row.Id,
                row.At,
                row.Action,
            })
            .ToListAsync(cancel);
        moments.AddRange(done.Select(row => Entry(Number("x", row.Id), row.At, Acts[row.Action], TimelineSource.Act, isIn: false)));
        return
        [
            .. moments
                .Where(moment => moment.Text.Length > 0)
                .OrderByDescending(moment => moment.IsIn)
                .ThenBy(moment => moment.At)
                .Take(TimelineEntry.Most),
        ];
    }

    /// <summary>The guide's words for what an update says first, and the beginning of what it says.</summary>
    private static string Told(IncidentUpdate update)
    {
        var first = update.Phase switch
        {
            _ when update.Number == 1 && !update.Phase.IsOver() => "Incident declared",
            Phase.Identified => "Root cause identified",
            Phase.Monitoring => "Fix deployed",
            Phase.Resolved => "Incident resolved",
            _ => "Update",
        };
        return $"{first}: {Markdown.ToText(update.Body)}";
    }

    private static string Filled(TemplateSection section, Incident incident)
    {
        var known = section.Kind switch
        {
            PostmortemKind.Summary => Summary(incident),
            PostmortemKind.Impact => Impact(incident),
            _ => "",
        };
        return string.Join("\n\n", new[] { known, section.Body }.Where(text => text.Length > 0));
    }

    /// <summary>What customers were told first and last.</summary>
    private static string Summary(Incident incident)
    {
        var told = incident.Updates.Where(update => update.WithdrawnAt is null).Select(update => update.Body).ToList();
        var text = told.Count == 0 ? "" : string.Join("\n\n", new[] { told[0], told[^1] }.Distinct());
        return Text.Cut(text, PostmortemSection.MaxBodyLength);
    }

    private static string Impact(Incident incident)
    {
        var told = incident
            .Updates.Where(update => update is { WithdrawnAt: null, ImpactSummary: not null })
            .Select(update => update.ImpactSummary!)
            .Distinct()
            .ToList();
        var worst = incident
            .Updates.Where(update => update.WithdrawnAt is null)
            .SelectMany(update => update.Affected)
            .Where(component => component.SaysState)
            .GroupBy(component => component.ComponentId)
            .Select(group => $"{group.Last().Name} ({group.Select(component => component.NewStatus).Worst().Label().ToLowerInvariant()})")
            .ToList();
        var lines = new List<string>();
        if (worst.Count > 0)
            lines.Add($"Components: {string.Join(", ", worst)}.");
        if (told.Count > 0)
            lines.Add($"As customers were told: {string.Join("; ", told)}.");
        return Text.Cut(string.Join("\n\n", lines), PostmortemSection.MaxBodyLength);
    }

    /// <summary>Puts a text that is there already into the sections that it names; other headings become sections of their own.</summary>
    private static void TakeOver(List<PostmortemSection> sections, string written)
    {
        foreach (var (heading, body) in PostmortemTemplate.Split(written))
        {
            var text = Text.Cut(body, PostmortemSection.MaxBodyLength);
            var name = Text.Cut(heading ?? "Summary", PostmortemSection.MaxHeadingLength);
            var kind = PostmortemSection.KindOf(name);
            var at = sections.FindIndex(section =>
                string.Equals(section.Heading, name, StringComparison.OrdinalIgnoreCase) || (kind != PostmortemKind.Other && section.Kind == kind)
            );
            if (at >= 0)
                sections[at] = sections[at] with { Body = text };
            else if (sections.Count < PostmortemSection.MostSections)
                sections.Add(new(PostmortemKind.Other, name, text));
        }
    }

    private static string Number(string kind, long id) => string.Create(CultureInfo.InvariantCulture, $"{kind}:{id}");

    private static TimelineEntry Entry(string key, DateTimeOffset at, string text, TimelineSource source, bool isIn)
    {
        var line = Text.Shown(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), allowed: "");
        return new(key, at, line.Length <= Short ? line : Text.Cut(line, Short - 1).TrimEnd() + "…", source, isIn);
    }
}
