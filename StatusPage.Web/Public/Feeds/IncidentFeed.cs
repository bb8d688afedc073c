using System.Globalization;
using System.Net;
using System.ServiceModel.Syndication;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Public.Feeds;

/// <summary>RSS 2.0 and Atom (RFC 4287): one entry for each incident, revised in place, with its newest update first, as in Statuspage's feeds.</summary>
public static class IncidentFeed
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(5);
    private static readonly XNamespace AtomNamespace = "http://www.w3.org/2005/Atom";

    public static byte[] Rss(StatusSnapshot snapshot, PublicAddress address, Words say, ComponentView? component = null)
    {
        var path = PathOf(component, "rss");
        return WriteRss(Build(snapshot, address, say, path, component, idIsAddress: true), address.Of(path));
    }

    public static byte[] Atom(StatusSnapshot snapshot, PublicAddress address, Words say, ComponentView? component = null) =>
        Write(new Atom10FeedFormatter(Build(snapshot, address, say, PathOf(component, "atom"), component, idIsAddress: false)));

    /// <summary>The feed of one incident, for those who follow it closely: an entry for each update, the newest first.</summary>
    public static byte[] Of(IncidentView incident, StatusSnapshot snapshot, PublicAddress address, Words say, bool atom)
    {
        var clock = ZoneClock.For(snapshot.TimeZone, snapshot.AsOf, say);
        incident = incident.In(say.Language.Code);
        var link = address.Of($"/incidents/{incident.Id}");
        var path = $"{link}.{(atom ? "atom" : "rss")}";
        var type = atom ? "application/atom+xml" : "application/rss+xml";
        var feed = new SyndicationFeed(
            $"{snapshot.Name} - {Text.Shown(incident.Title)}",
            say["Incidents of {0}, the newest first.", snapshot.Name],
            new Uri(link),
            $"tag:{address.Host},2005:Incident/{incident.Id}",
            incident.UpdatedAt
        )
        {
            Language = say.Language.Code,
            Items =
            [
                .. incident.Updates.Select(update => new SyndicationItem(
                    $"{say[update.Label]}: {Text.Shown(incident.Title)}",
                    new TextSyndicationContent(Text.Shown(Html(update, clock)), TextSyndicationContentKind.Html),
                    new Uri($"{link}#{update.Id}"),
                    atom ? $"tag:{address.Host},2005:Incident/{incident.Id}/{update.Id}" : $"{link}#{update.Id}",
                    update.ChangedAt
                )
                {
                    PublishDate = update.PostedAt,
                }),
            ],
        };
        feed.Authors.Add(new SyndicationPerson { Name = snapshot.Name });
        feed.Links.Clear();
        feed.Links.Add(SyndicationLink.CreateAlternateLink(new Uri(link), "text/html"));
        feed.Links.Add(SyndicationLink.CreateSelfLink(new Uri(path), type));
        return atom ? Write(new Atom10FeedFormatter(feed)) : WriteRss(feed, path);
    }

    private static string PathOf(ComponentView? component, string format) =>
        component is null ? $"/history.{format}" : $"/components/{component.Slug}/history.{format}";

    private static SyndicationFeed Build(
        StatusSnapshot snapshot,
        PublicAddress address,
        Words say,
        string path,
        ComponentView? component,
        bool idIsAddress
    )
    {
        var clock = ZoneClock.For(snapshot.TimeZone, snapshot.AsOf, say);
        var incidents = snapshot
            .In(say.Language)
            .Incidents.Where(incident => component is null || incident.Affected.Any(affected => affected.ComponentId == component.Id))
            .ToList();
        // Of a recurring maintenance, only the next window and those that have begun.
        var maintenances = snapshot
            .Maintenances.Where(maintenance => maintenance.Phase != MaintenancePhase.Scheduled)
            .Concat(snapshot.Next)
            .Where(maintenance => component is null || maintenance.ComponentIds.Contains(component.Id))
            .ToList();
        var home = address.Of(component is null ? "/" : $"/components/{component.Slug}");
        var feed = new SyndicationFeed(
            say["{0} - Incident History", component is null ? snapshot.Name : $"{snapshot.Name} - {component.Name}"],
            say["Incidents of {0}, the newest first.", component?.Name ?? snapshot.Name],
            new Uri(home),
            $"tag:{address.Host},2005:{path[..path.LastIndexOf('.')]}",
            incidents.Select(incident => incident.UpdatedAt).Concat(maintenances.Select(UpdatedAt)).DefaultIfEmpty(snapshot.ChangedAt).Max()
        )
        {
            Language = say.Language.Code,
            Items = FeedEntries
                .Of(
                    incidents.Select(incident => (idIsAddress ? incident.Latest.PostedAt : incident.StartedAt, incident)),
                    maintenances.Select(maintenance => (idIsAddress ? maintenance.Latest.At : maintenance.CreatedAt, maintenance)),
                    incident => Entry(incident, address, clock, idIsAddress),
                    maintenance => Entry(maintenance, snapshot, address, clock, idIsAddress)
                )
                .ToList(),
        };
        if (idIsAddress)
            feed.TimeToLive = TimeToLive;
        feed.Authors.Add(new SyndicationPerson { Name = snapshot.Name });
        feed.Links.Clear();
        feed.Links.Add(SyndicationLink.CreateAlternateLink(new Uri(home), "text/html"));
        feed.Links.Add(SyndicationLink.CreateSelfLink(new Uri(address.Of(path)), idIsAddress ? "application/rss+xml" : "application/atom+xml"));
        return feed;
    }

    private static SyndicationItem Entry(IncidentView incident, PublicAddress address, ZoneClock clock, bool idIsAddress)
    {
        var link = new Uri(address.Of($"/incidents/{incident.Id}"));
        var html = string.Concat(incident.Updates.Select(update => Html(update, clock)));
        var item = new SyndicationItem(
            Text.Shown(incident.Title),
            new TextSyndicationContent(Text.Shown(html), TextSyndicationContentKind.Html),
            link,
            idIsAddress ? link.ToString() : $"tag:{address.Host},2005:Incident/{incident.Id}",
            incident.UpdatedAt
        )
        {
            PublishDate = incident.StartedAt,
        };
        // RSS readers know an item by its guid alone, so a new guid makes the update known to them. There is one item for each incident, which floods
        // nobody.
        if (idIsAddress)
            (item.Id, item.PublishDate) = ($"{link}#{incident.Latest.Id}", incident.Latest.PostedAt);
        item.Links.Clear();
        item.Links.Add(SyndicationLink.CreateAlternateLink(link, "text/html"));
        foreach (var component in incident.Affected)
            item.Categories.Add(new SyndicationCategory(Text.Shown(component.Name)));
        return item;
    }

    private static DateTimeOffset UpdatedAt(MaintenanceView maintenance) =>
        maintenance.Latest.At > maintenance.UpdatedAt ? maintenance.Latest.At : maintenance.UpdatedAt;

    /// <summary>A maintenance. As in Statuspage's feeds, its first words say that it is scheduled.</summary>
    private static SyndicationItem Entry(MaintenanceView maintenance, StatusSnapshot snapshot, PublicAddress address, ZoneClock clock, bool idIsAddress)
    {
        var link = new Uri(address.Of($"/incidents/{maintenance.Id}"));
        var html = new StringBuilder();
        html.Append(
            CultureInfo.InvariantCulture,
            $"<p><strong>{WebUtility.HtmlEncode($"{clock.Say["THIS IS A SCHEDULED EVENT"]} "
                + $"{clock.Window(maintenance.ScheduledFor, maintenance.ScheduledUntil)}")}</strong></p>"
        );
        foreach (var entry in maintenance.Story)
            html.Append(Said(entry.At, entry.Phase.Label(), Markdown.ToHtml(entry.IsByClock ? clock.Say[entry.Body] : entry.Body), clock));
        var item = new SyndicationItem(
            Text.Shown(maintenance.Title),
            new TextSyndicationContent(Text.Shown(html.ToString()), TextSyndicationContentKind.Html),
            link,
            idIsAddress ? link.ToString() : $"tag:{address.Host},2005:Incident/{maintenance.Id}",
            UpdatedAt(maintenance)
        )
        {
            PublishDate = maintenance.CreatedAt,
        };
        if (idIsAddress)
            (item.Id, item.PublishDate) = (
                $"{link}#{maintenance.ScheduledFor.ToUnixTimeSeconds()}-{maintenance.Latest.At.ToUnixTimeSeconds()}",
                maintenance.Latest.At
            );
        item.Links.Clear();
        item.Links.Add(SyndicationLink.CreateAlternateLink(link, "text/html"));
        foreach (var component in snapshot.Components.Where(row => maintenance.ComponentIds.Contains(row.Id)))
            item.Categories.Add(new SyndicationCategory(Text.Shown(component.Name)));
        return item;
    }

    /// <summary>An entry as a reader shows it, in plain text.</summary>
    public static string Preview(string title, UpdateView update, ZoneClock clock) =>
        $"{title}\n\n{clock.DateAndTime(update.PostedAt)}\n{clock.Say[update.Label]} - {Markdown.ToText(update.Body)}"
        + string.Concat(Facts(update, clock).Select(fact => $"\n\n{fact.Name}: {fact.Value}"));

    internal static string Html(UpdateView update, ZoneClock clock)
    {
        var html = new StringBuilder();
        html.Append(Said(update.PostedAt, update.Label, Markdown.ToHtml(update.Body), clock));
        if (update.CorrectedAt is { } corrected)
            html.Append(CultureInfo.InvariantCulture, $"<p><em>{clock.Say["Corrected"]} {clock.Near(corrected, update.PostedAt)}.</em></p>");
        foreach (var (name, value) in Facts(update, clock))
            html.Append(CultureInfo.InvariantCulture, $"<p><strong>{name}:</strong> {WebUtility.HtmlEncode(value)}</p>");
        return html.ToString();
    }

    private static IEnumerable<(string Name, string Value)> Facts(UpdateView update, ZoneClock clock)
    {
        if (update.ImpactSummary is { } impact)
            yield return (clock.Say["Impact"], impact);
        if (update.TeamStatus is { } team)
            yield return (clock.Say["Team"], team);
        if (update.NextUpdateBy is { } promise)
            yield return (clock.Say["Next update by"], clock.Near(promise, update.PostedAt));
    }

    /// <summary>
    /// Written as Statuspage writes it, since programs parse that: <c>&lt;strong&gt;Resolved&lt;/strong&gt; - </c> and the words in the same paragraph.
    /// </summary>
    private static string Said(DateTimeOffset at, string phase, string body, ZoneClock clock)
    {
        const string paragraph = "<p>";
        var head = $"<p><small>{clock.DateAndTime(at)}</small><br><strong>{clock.Say[phase]}</strong>";
        return body.StartsWith(paragraph, StringComparison.Ordinal) ? $"{head} - {body[paragraph.Length..]}" : $"{head}</p>{body}";
    }

    /// <summary>
    /// The link to itself has a prefix that the root declares: readers that know no namespaces take an unprefixed one for the channel's own, which they
    /// then find empty (https://www.rssboard.org/rss-profile#namespace-elements-atom-link).
    /// </summary>
    private static byte[] WriteRss(SyndicationFeed feed, string self)
    {
        var document = new XDocument();
        using (var writer = document.CreateWriter())
            new Rss20FeedFormatter(feed, serializeExtensionsAsAtom: false).WriteTo(writer);
        document.Root!.Add(new XAttribute(XNamespace.Xmlns + "atom", AtomNamespace.NamespaceName));
        var channel = document.Root.Element("channel")!;
        var link = new XElement(
            AtomNamespace + "link",
            new XAttribute("rel", "self"),
            new XAttribute("type", "application/rss+xml"),
            new XAttribute("href", self)
        );
        if (channel.Element("item") is { } first)
            first.AddBeforeSelf(link);
        else
            channel.Add(link);
        // The formatter ends times of RSS with the military "Z", which RFC 822 once allowed and few parsers still know.
        foreach (var time in document.Descendants().Where(element => element.Name.LocalName is "pubDate" or "lastBuildDate"))
            if (time.Value.EndsWith(" Z", StringComparison.Ordinal))
                time.Value = $"{time.Value[..^2]} GMT";
        return Write(document.Save);
    }

    private static byte[] Write(Atom10FeedFormatter formatter) => Write(formatter.WriteTo);

    private static byte[] Write(Action<XmlWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
            write(xml);
        return bytes.ToArray();
    }
}
