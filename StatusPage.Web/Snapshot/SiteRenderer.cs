using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Primitives;
using StatusPage.Domain.Components;
using StatusPage.Domain.Languages;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Public;
using StatusPage.Web.Public.Badges;
using StatusPage.Web.Public.Feeds;
using StatusPage.Web.Readers;
using StatusPage.Web.Shared;
using StatusPage.Web.StatusApi;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Snapshot;

/// <summary>Makes every public document of a snapshot. A document that comes out the same as before keeps its compressed bytes.</summary>
public sealed partial class SiteRenderer(PageRenderer pages, PublicAddresses addresses, ThemeCatalog themes, ILogger<SiteRenderer> logger)
{
    /// <summary>The document behind every address that does not exist; its name cannot be asked for.</summary>
    public const string NotFound = "not-found";

    // A shared cache asks again after 10 s, and may serve what it has while it asks, or for a day when nobody answers.
    private const string Fresh = "public, max-age=5, s-maxage=10, stale-while-revalidate=30, stale-if-error=86400";
    private const string Badge = "public, max-age=60, s-maxage=60, stale-while-revalidate=300, stale-if-error=86400";
    private const string Forever = "public, max-age=31536000, immutable";
    private const string Daily = "public, max-age=86400";

    /// <summary>On a page with more incidents than this, the documents that tell of each of them are made only when somebody asks for them.</summary>
    private const int AheadAtMost = 200;

    private static readonly KeyValuePair<string, StringValues> NoSniff = new("X-Content-Type-Options", "nosniff");
    internal static readonly KeyValuePair<string, StringValues> AnyOrigin = new("Access-Control-Allow-Origin", "*");

    internal static readonly DocumentKind Html = new("text/html; charset=utf-8", Fresh, SecurityHeaders.All, IsWorded: true);
    private static readonly DocumentKind FramableHtml = new("text/html; charset=utf-8", Fresh, SecurityHeaders.Framable, IsWorded: true);
    private static readonly DocumentKind EmbedJs = new(
        "text/javascript; charset=utf-8",
        "public, max-age=300, s-maxage=300, stale-while-revalidate=3600, stale-if-error=86400",
        [NoSniff, AnyOrigin, SecurityHeaders.LoadedAnywhere]
    );
    private static readonly DocumentKind MissingHtml = new("text/html; charset=utf-8", "no-store", SecurityHeaders.All, IsWorded: true);
    private static readonly DocumentKind Rss = new(
        "application/rss+xml; charset=utf-8",
        Fresh,
        [NoSniff, AnyOrigin, SecurityHeaders.LoadedAnywhere],
        IsWorded: true,
        IsFeed: true
    );
    private static readonly DocumentKind Atom = new(
        "application/atom+xml; charset=utf-8",
        Fresh,
        [NoSniff, AnyOrigin, SecurityHeaders.LoadedAnywhere],
        IsWorded: true,
        IsFeed: true
    );
    private static readonly DocumentKind FeedJson = new(
        "application/feed+json; charset=utf-8",
        Fresh,
        [NoSniff, AnyOrigin, SecurityHeaders.LoadedAnywhere],
        IsWorded: true,
        IsFeed: true
    );
    private static readonly DocumentKind Ics = new(
        "text/calendar; charset=utf-8",
        Fresh,
        [NoSniff, AnyOrigin, SecurityHeaders.LoadedAnywhere],
        IsWorded: true,
        IsFeed: true
    );
    internal static readonly DocumentKind Json = new("application/json; charset=utf-8", Fresh, [NoSniff, AnyOrigin, SecurityHeaders.LoadedAnywhere]);

    /// <summary>Any origin may read it, as the pages that it is the twin of hold nothing of a reader's own.</summary>
    internal static readonly DocumentKind Markdown = new("text/markdown; charset=utf-8", Fresh, [NoSniff, AnyOrigin, SecurityHeaders.LoadedAnywhere]);

    private static readonly DocumentKind Llms = new("text/plain; charset=utf-8", Fresh, [NoSniff, AnyOrigin, SecurityHeaders.LoadedAnywhere]);

    /// <summary>A badge is shown on other people's pages, so it may be loaded there; its own policy lets nothing in it act.</summary>
    internal static readonly DocumentKind BadgeSvg = new(
        "image/svg+xml; charset=utf-8",
        Badge,
        [
            NoSniff,
            AnyOrigin,
            SecurityHeaders.LoadedAnywhere,
            new("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:"),
        ]
    );

    private static readonly DocumentKind BadgeJson = new("application/json; charset=utf-8", Badge, [NoSniff, AnyOrigin, SecurityHeaders.LoadedAnywhere]);
    private static readonly DocumentKind Icon = new("image/svg+xml; charset=utf-8", Daily, [NoSniff]);
    private static readonly DocumentKind LiveIcon = new("image/svg+xml; charset=utf-8", Badge, [NoSniff]);
    private static readonly DocumentKind Css = new("text/css; charset=utf-8", Forever, [NoSniff]);
    private static readonly DocumentKind Script = new("text/javascript; charset=utf-8", Forever, [NoSniff]);
    private static readonly DocumentKind Worker = new(
        "text/javascript; charset=utf-8",
        Daily,
        [NoSniff, new("Content-Security-Policy", "default-src 'none'")]
    );
    private static readonly DocumentKind Plain = new("text/plain; charset=utf-8", Daily, [NoSniff]);

    private readonly ConditionalWeakTable<IncidentView, string> _names = [];
    private long _editions;

    /// <summary>Renders what changed since the edition before; the rest is taken over.</summary>
    /// <param name="essentials">True: only what readers ask for first, so that a start is short. The edition says that it is not complete.</param>
    public async Task<Edition> RenderAsync(StatusSnapshot snapshot, DateTimeOffset? asOf, Edition? before, bool essentials = false)
    {
        var look = themes.Of(snapshot).Stamp;
        var frame = Frame(snapshot, asOf);
        var plans = Essentials(snapshot, asOf).Concat(essentials ? [] : Rest(snapshot, asOf, frame)).ToList();
        var made = new ConcurrentDictionary<string, Made>(StringComparer.Ordinal);
        var failed = new ConcurrentBag<string>();
        var own = new SpokenLanguage(snapshot.Speaks, IsInAddress: false);
        await Parallel.ForEachAsync(
            plans.Where(plan => !plan.IsSeldom),
            async (plan, _) =>
            {
                if (await MakeAsync(plan, own, snapshot, before?.Made.GetValueOrDefault(plan.Path), failed) is { } document)
                    made[plan.Path] = document;
            }
        );
        return new(
            snapshot,
            made.ToFrozenDictionary(StringComparer.Ordinal),
            asOf,
            isComplete: !essentials,
            Later(plans, snapshot, asOf, frame, before?.Translations)
        )
        {
            Gate = Gate.Of(snapshot.PageId, snapshot.Access, before?.Gate),
            Look = look,
            Failed = failed,
        };
    }

    /// <summary>
    /// The documents that are made when they are asked for. This is a method of its own, as its functions live as long as the edition. Made where the
    /// edition before is in scope, they would hold that one, which holds the one before it, and so all that there ever were.
    /// </summary>
    private Translations Later(List<Plan> plans, StatusSnapshot snapshot, DateTimeOffset? asOf, string frame, Translations? before)
    {
        var later = plans.Where(plan => plan.Kind.IsWorded || plan.IsSeldom).ToFrozenDictionary(plan => plan.Path, StringComparer.Ordinal);
        var incidents = new IncidentPlans(snapshot, asked => Single(snapshot, asOf, frame, asked));
        var translations = new Translations(
            $"{Interlocked.Increment(ref _editions)}",
            path => later.GetValueOrDefault(path) ?? incidents.Find(path),
            (plan, spoken, old) => MakeAsync(plan, spoken, snapshot, old),
            before
        );
        translations.Tidy();
        return translations;
    }

    /// <summary>
    /// A document that cannot be made must not keep the news from all others. A page that people read in a bad moment is then shown plainly. In place of
    /// the others, the document from before stays, if there is one.
    /// </summary>
    private async Task<Made?> MakeAsync(Plan plan, SpokenLanguage spoken, StatusSnapshot snapshot, Made? old, ConcurrentBag<string>? failed = null)
    {
        try
        {
            var inputs = plan.Inputs?.Invoke();
            return old is not null && inputs is not null && old.Inputs == inputs
                ? old
                : new(inputs, RenderedDocument.Of(plan.Kind, await plan.Render(spoken), snapshot.AsOf, old?.Document));
        }
        catch (Exception exception)
        {
            Log.NotMade(logger, spoken.Prefix + plan.Path, exception);
            failed?.Add(plan.Path);
            return plan.Plain is { } plain ? new(null, RenderedDocument.Of(plan.Kind, plain(), snapshot.AsOf, old?.Document)) { StandsIn = true } : old;
        }
    }

    /// <summary>One document of a site that nobody but the caller sees, such as the site in another theme.</summary>
    public async Task<RenderedDocument?> TryAsync(StatusSnapshot snapshot, string path, Language? language = null) =>
        (
            Essentials(snapshot, null).Concat(Rest(snapshot, null, Frame(snapshot, null))).FirstOrDefault(plan => plan.Path == path)
            ?? new IncidentPlans(snapshot, incident => Single(snapshot, null, Frame(snapshot, null), incident)).Find(path)
        )
            is { } plan
            ? RenderedDocument.Of(plan.Kind, await plan.Render(new(language ?? snapshot.Speaks, language is not null)), snapshot.AsOf, null)
            : null;

    private IEnumerable<Plan> Essentials(StatusSnapshot snapshot, DateTimeOffset? asOf)
    {
        var address = addresses.Of(snapshot.Location);
        var theme = themes.Of(snapshot);
        yield return Page("/", "", snapshot, asOf) with
        {
            Plain = () => PlainPage.Of(snapshot),
        };
        yield return Page("/history", "history", snapshot, asOf);
        yield return Page(NotFound, "not-found", snapshot, asOf, kind: MissingHtml);
        // In a storm, the documents that tell of each incident are made when they are asked for, and not with each of many posts.
        var isStorm = snapshot.Incidents.Count > AheadAtMost;
        yield return Bytes("/history.rss", Rss, spoken => IncidentFeed.Rss(snapshot, address.In(spoken), Words.Of(spoken.Language))) with
        {
            IsSeldom = isStorm,
        };
        yield return Bytes("/history.atom", Atom, spoken => IncidentFeed.Atom(snapshot, address.In(spoken), Words.Of(spoken.Language))) with
        {
            IsSeldom = isStorm,
        };
        yield return Bytes("/feed.json", FeedJson, spoken => JsonFeed.Of(snapshot, address.In(spoken), Words.Of(spoken.Language))) with
        {
            IsSeldom = isStorm,
        };
        yield return Bytes("/maintenance.ics", Ics, spoken => CalendarFeed.Maintenances(snapshot, address.In(spoken), Words.Of(spoken.Language)));
        yield return Bytes("/history.ics", Ics, spoken => CalendarFeed.Incidents(snapshot, address.In(spoken), Words.Of(spoken.Language))) with
        {
            IsSeldom = isStorm,
        };
        yield return Bytes("/badges/overall.svg", BadgeSvg, _ => BadgeRoutes.Find(snapshot, "overall.svg", Words.English)!.Draw());
        yield return Bytes("/badges/overall.json", BadgeJson, _ => BadgeRoutes.Json("status", snapshot.Overall, BadgeIcon.SvgOf(snapshot)));
        foreach (var (path, json) in PublicApi.Documents(snapshot, address))
            yield return Bytes(path, Json, _ => json()) with
            {
                IsSeldom = isStorm && PublicApi.TellsOfAllOpen(path),
            };
        yield return Bytes(HistoryJson.Path, Json, _ => HistoryJson.Of(snapshot, address, page: 1, older: [])) with
        {
            IsSeldom = isStorm,
        };
        foreach (var file in theme.Files)
            yield return File(file);
        if (OwnStyle.Of(snapshot.Style) is { } style)
            yield return File(style);
        yield return Page("/embed", "embed", snapshot, asOf, kind: FramableHtml);
        yield return Text(Assets.EmbedCss, Css, Assets.EmbedStyle);
        yield return Text("/embed.js", EmbedJs, Assets.EmbedScript);
        yield return Text(Assets.FrameJs, Script, Assets.FrameScript);
        yield return Text(Assets.Js, Script, Assets.SiteScript);
        yield return Text(Assets.PushJs, Script, Assets.PushScript);
        yield return Text("/push-worker.js", Worker, Assets.PushWorker);
        yield return Text(Assets.AdminCss, Css, Assets.AdminStyle);
        yield return Text(Assets.AdminJs, Script, Assets.AdminScript);
        yield return Text(Assets.PasskeyJs, Script, Assets.PasskeyScript);
        yield return Text(Assets.OrderJs, Script, Assets.OrderScript);
        yield return Text(Assets.PasswordJs, Script, Assets.PasswordScript);
        yield return Text(Assets.ComposerJs, Script, Assets.ComposerScript);
        yield return Text(Assets.PostmortemJs, Script, Assets.PostmortemScript);
        yield return Text(Assets.BrandJs, Script, Assets.BrandScript);
        foreach (var status in ComponentStatuses.All)
            yield return Bytes(StateIcons.AddressOf(status), Icon, _ => StateIcons.Favicon(status), () => status.Code());
        yield return Text(StateIcons.Locked, Icon, StateIcons.LockedIcon);
        yield return Bytes("/favicon.svg", LiveIcon, _ => StateIcons.Favicon(snapshot.Overall), () => snapshot.Overall.Code());
        yield return Bytes("/favicon.ico", LiveIcon, _ => StateIcons.Favicon(snapshot.Overall), () => snapshot.Overall.Code());
        yield return Text("/robots.txt", Plain, "User-agent: *\nDisallow: /admin\nDisallow: /v1/\nDisallow: /*/admin\nDisallow: /*/v1/\n");
    }

    /// <summary>Names what the frame of every page shows. With it and the subject, a page about one thing is told apart from the one before.</summary>
    private string Frame(StatusSnapshot snapshot, DateTimeOffset? asOf)
    {
        // A date of another year shows its year.
        var year = ZoneClock.For(snapshot.TimeZone, snapshot.AsOf).DateOf(snapshot.AsOf).Year;
        return $"{year}|{addresses.Of(snapshot.Location).Root}|{themes.Of(snapshot).Stamp}|{OwnStyle.Of(snapshot.Style)?.Address}|"
            + $"{snapshot.Name}|{snapshot.TimeZone}|{snapshot.Language}|{snapshot.ShowsSeverity}|{snapshot.Promises is not null}|{snapshot.Access is not null}|{asOf}";
    }

    /// <summary>A document of one incident.</summary>
    private Plan Single(StatusSnapshot snapshot, DateTimeOffset? asOf, string frame, (IncidentView Incident, string Suffix) asked)
    {
        var (incident, suffix) = asked;
        var (path, address) = ($"/incidents/{incident.Id}{suffix}", addresses.Of(snapshot.Location));
        if (suffix == IncidentPlans.Json)
            return Bytes(
                path,
                Json,
                _ => StatusJson.Write(new IncidentDocument(new ShapeMaker(snapshot, address).Managed(incident))),
                // The components that it touched are told as they are now.
                () => Inputs(frame, incident, Components(snapshot, incident))
            ) with
            {
                IsSeldom = true,
            };
        if (suffix == MarkdownTwins.Suffix)
            return Twin(path, snapshot, twins => twins.Of(incident), () => Inputs(frame, incident));
        if (suffix.Length > 0)
        {
            var atom = suffix == ".atom";
            return Bytes(
                path,
                atom ? Atom : Rss,
                spoken => IncidentFeed.Of(incident, snapshot, address.In(spoken), Words.Of(spoken.Language), atom),
                () => Inputs(frame, incident)
            ) with
            {
                IsSeldom = true,
            };
        }
        return Page(
            path,
            "incidents/{id}",
            snapshot,
            asOf,
            incident,
            inputs: () =>
                Inputs(
                    frame,
                    incident,
                    incident.Affected.Select(affected => snapshot.Components.FirstOrDefault(component => component.Id == affected.ComponentId)?.Slug),
                    // While it is open, its page tells how its promise stands at this instant.
                    incident.IsOpen
                        ? snapshot.AsOf
                        : default
                )
        ) with
        {
            IsSeldom = true,
            Plain = () => PlainPage.Of(snapshot, incident),
        };
    }

    private static IEnumerable<ComponentView> Components(StatusSnapshot snapshot, IncidentView incident) =>
        snapshot.Components.Where(component => incident.Affected.Any(affected => affected.ComponentId == component.Id));

    private IEnumerable<Plan> Rest(StatusSnapshot snapshot, DateTimeOffset? asOf, string frame)
    {
        var address = addresses.Of(snapshot.Location);
        yield return Twin(MarkdownTwins.Home, snapshot, twins => twins.OfHome());
        yield return Twin(MarkdownTwins.History, snapshot, twins => twins.OfHistory());
        yield return Twin(MarkdownTwins.Index, snapshot, twins => twins.OfIndex(), kind: Llms);
        if (snapshot.Metrics.Count > 0)
            yield return Page("/system-metrics", "system-metrics", snapshot, asOf);
        if (snapshot.Promises is { } promises)
            yield return Page("/promises", "promises", snapshot, asOf, promises, inputs: () => Inputs(frame, promises));
        foreach (var maintenance in snapshot.Maintenances.Concat(snapshot.Cancelled))
        {
            var names = snapshot.Components.Where(component => maintenance.ComponentIds.Contains(component.Id)).Select(component => component.Name);
            yield return Page(
                $"/incidents/{maintenance.Id}",
                "maintenances/{id}",
                snapshot,
                asOf,
                maintenance,
                inputs: () => Inputs(frame, maintenance, names)
            );
            yield return Twin($"/incidents/{maintenance.Id}{MarkdownTwins.Suffix}", snapshot, twins => twins.Of(maintenance));
            yield return Bytes(
                $"/incidents/{maintenance.Id}.ics",
                Ics,
                spoken => CalendarFeed.Of(maintenance, snapshot, address.In(spoken), Words.Of(spoken.Language))
            ) with
            {
                IsSeldom = true,
            };
            yield return Bytes(
                $"/incidents/{maintenance.Id}{IncidentPlans.Json}",
                Json,
                _ => StatusJson.Write(new MaintenanceDocument(new ShapeMaker(snapshot, address).Maintenance(maintenance)))
            ) with
            {
                IsSeldom = true,
            };
        }
        var (icon, svg) = (BadgeIcon.Of(snapshot), BadgeIcon.SvgOf(snapshot));
        foreach (var component in snapshot.Components)
        {
            var incidents = Touched.By(snapshot, component.Id);
            // An open incident's block tells how its promise stands at this instant.
            var instant = incidents.Any(incident => incident.IsOpen) ? snapshot.AsOf : default;
            var inputs = Inputs(frame, component, Names(incidents), instant);
            yield return Page($"/components/{component.Slug}", "components/{slug}", snapshot, asOf, component, inputs: () => inputs);
            yield return Twin($"/components/{component.Slug}{MarkdownTwins.Suffix}", snapshot, twins => twins.Of(component));
            var planned = snapshot.Maintenances.Where(maintenance => maintenance.ComponentIds.Contains(component.Id)).ToList();
            yield return Bytes(
                $"/components/{component.Slug}/history.rss",
                Rss,
                spoken => IncidentFeed.Rss(snapshot, address.In(spoken), Words.Of(spoken.Language), component),
                () => Inputs(inputs, planned)
            );
            yield return Bytes(
                $"/components/{component.Slug}/history.atom",
                Atom,
                spoken => IncidentFeed.Atom(snapshot, address.In(spoken), Words.Of(spoken.Language), component),
                () => Inputs(inputs, planned)
            );
            yield return Bytes(
                $"/badges/{component.Slug}.svg",
                BadgeSvg,
                _ => (Public.Badges.Badge.Of(component.Name, component.Status) with { Icon = icon }).Draw(),
                () => $"{component.Name}|{component.Status}|{snapshot.Brand.Icon}"
            );
            yield return Bytes(
                $"/badges/{component.Slug}.json",
                BadgeJson,
                _ => BadgeRoutes.Json(component.Name, component.Status, svg),
                () => $"{component.Name}|{component.Status}|{snapshot.Brand.Icon}"
            );
            if (component.Showcase)
                yield return Bytes(
                    $"/badges/{component.Slug}/uptime.svg",
                    BadgeSvg,
                    _ => (BadgeRoutes.Uptime(component, Words.English) with { Icon = icon }).Draw(),
                    () => $"{component.Uptime.UptimePercent}|{snapshot.Brand.Icon}|{component.StartDate:yyyy-MM-dd}"
                );
        }
    }

    private Plan Page(
        string path,
        string route,
        StatusSnapshot snapshot,
        DateTimeOffset? asOf,
        object? subject = null,
        DocumentKind? kind = null,
        Func<string?>? inputs = null
    ) => new(path, kind ?? Html, inputs, spoken => pages.RenderAsync(route, new(snapshot, asOf, subject, spoken)));

    private static Plan Bytes(string path, DocumentKind kind, Func<SpokenLanguage, byte[]> render, Func<string?>? inputs = null) =>
        new(path, kind, inputs, spoken => Task.FromResult(render(spoken)));

    /// <summary>A page in Markdown.</summary>
    private Plan Twin(string path, StatusSnapshot snapshot, Func<MarkdownTwins, byte[]> write, Func<string?>? inputs = null, DocumentKind? kind = null) =>
        Bytes(path, kind ?? Markdown, _ => write(new(snapshot, addresses.Of(snapshot.Location))), inputs) with
        {
            IsSeldom = true,
        };

    private static Plan Text(string path, DocumentKind kind, string text) =>
        new(path, kind, () => path, _ => Task.FromResult(Encoding.UTF8.GetBytes(text)));

    private static Plan File(ThemeFile file) => new(file.Address, file.Kind, () => file.Address, _ => Task.FromResult(file.Bytes));

    /// <summary>Names everything that goes into a document, so that equal inputs need not be rendered to know that the bytes are equal.</summary>
    /// <returns>Null where a view cannot even be serialized. It is rendered then, which says what is wrong with it.</returns>
    private string? Inputs(params object?[] inputs)
    {
        try
        {
            return inputs.Contains(null) ? null : Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(inputs, SnapshotJson.Options)));
        }
        catch (Exception exception)
        {
            Log.NotNamed(logger, exception);
            return null;
        }
    }

    /// <summary>The same for many incidents: each is written down once, for all editions in which it stays as it is.</summary>
    private string? Names(IEnumerable<IncidentView> incidents)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var incident in incidents)
        {
            if (!_names.TryGetValue(incident, out var name) && (name = Inputs(incident)) is not null)
                _names.AddOrUpdate(incident, name);
            if (name is null)
                return null;
            all.AppendData(Encoding.ASCII.GetBytes(name));
        }
        return Convert.ToHexString(all.GetHashAndReset());
    }

    private static partial class Log
    {
        [LoggerMessage(108, LogLevel.Debug, "What a document is made from could not be named.")]
        public static partial void NotNamed(ILogger logger, Exception exception);

        [LoggerMessage(105, LogLevel.Error, "{Path} could not be made; what was there before stays, or a plain page stands in.")]
        public static partial void NotMade(ILogger logger, string path, Exception exception);
    }
}
