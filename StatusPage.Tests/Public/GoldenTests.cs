using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Languages;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Snapshot;
using StatusPage.Tests.Host;
using StatusPage.Web.Public.Badges;
using StatusPage.Web.Snapshot;

namespace StatusPage.Tests.Public;

/// <summary>
/// Documents for machines, byte for byte, of a page that never changes, so that nobody changes them by accident. For an intended change, run with
/// GOLDEN=write in the environment, which writes the files again, and look at the difference.
/// </summary>
public sealed partial class GoldenTests(GoldenTests.Site site) : IClassFixture<GoldenTests.Site>
{
    public static readonly TheoryData<string> Paths =
    [
        "/api/v2/summary.json",
        "/api/v2/status.json",
        "/api/v2/components.json",
        "/api/v2/incidents.json",
        "/api/v2/incidents/unresolved.json",
        "/api/v2/scheduled-maintenances.json",
        "/api/v2/scheduled-maintenances/upcoming.json",
        "/api/v2/scheduled-maintenances/active.json",
        "/history.rss",
        "/history.atom",
        "/feed.json",
        "/components/api/history.rss",
        "/components/api/history.atom",
        "/incidents/incopen00001.rss",
        "/incidents/incopen00001.atom",
        "/incidents/incopen00001.json",
        "/incidents/maint0000001.json",
        "/history.json",
        "/maintenance.ics",
        "/history.ics",
        "/badges/overall.svg",
        "/badges/overall.json",
        "/badges/api.svg",
        "/badges/api.json",
        "/badges/api/uptime.svg",
        "/embed",
        "/embed.js",
        "/robots.txt",
        "/de/history.rss",
        "/ar/history.atom",
        "/ja/maintenance.ics",
    ];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task The_bytes_are_those_of_the_golden_file(string path)
    {
        var language = Language.Find(path.Split('/')[1]);
        var plain = language is null ? path : path[3..];
        var document = await site.Renderer.TryAsync(Example(), plain, language);
        Hold(path, Encoding.UTF8.GetString(document!.Plain.Body));
    }

    [Theory]
    [InlineData(BadgeStyle.Flat)]
    [InlineData(BadgeStyle.FlatSquare)]
    [InlineData(BadgeStyle.Plastic)]
    [InlineData(BadgeStyle.ForTheBadge)]
    public void Badges_in_every_style_are_those_of_the_golden_files(BadgeStyle style) =>
        Hold(
            $"/badges/styles/{style}.svg",
            Encoding.UTF8.GetString((Badge.Of("Checkout & billing", ComponentStatus.PartialOutage) with { Style = style }).Draw())
        );

    private static void Hold(string path, string text, [CallerFilePath] string here = "")
    {
        // Names of style sheets carry a hash of their content, which is not tested here.
        text = Stamp().Replace(text, "HASH");
        var file = Path.Combine(Path.GetDirectoryName(here)!, "..", "Golden", path.TrimStart('/'));
        if (Environment.GetEnvironmentVariable("GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
        Assert.True(File.Exists(file), $"There is no golden file of {path}.");
        Assert.Equal(File.ReadAllText(file), text);
    }

    private static StatusSnapshot Example()
    {
        var at = An.Instant;
        var page = An.PageId;
        var core = ComponentGroupId.Of("group0000001");
        var api = Component(
            "component001",
            "api",
            "API",
            core,
            ComponentStatus.PartialOutage,
            1,
            99.9876,
            [new(new(2026, 11, 24), ComponentStatus.PartialOutage, 0, 45, 0)]
        );
        var web = Component("component002", "web", "Web & mobile <apps>", null, ComponentStatus.Operational, 2, 100, []);
        AffectedComponent Api(ComponentStatus from, ComponentStatus to) => new(api.Id, api.Name, from, to);
        return new()
        {
            PageId = page,
            Name = "Acme",
            TimeZone = "America/Los_Angeles",
            ShowsSeverity = true,
            Version = 7,
            AsOf = at,
            NextChangeAt = at.AddHours(1),
            CreatedAt = at.AddDays(-200),
            ChangedAt = at,
            Groups = [new(core, "Core", 1, at.AddDays(-100), at.AddDays(-100))],
            Components = [api, web],
            Incidents =
            [
                new(
                    IncidentId.Of("incopen00001"),
                    "Elevated error rates on our API",
                    Phase.Identified,
                    Severity.Sev2,
                    Impact.Major,
                    null,
                    at.AddMinutes(-45),
                    at.AddMinutes(-15),
                    null,
                    null,
                    [
                        new(
                            UpdateId.Of("update000002"),
                            Phase.Identified,
                            "We have found the cause: a **full disk**.",
                            "~15% of requests failing",
                            "Rolling out a fix",
                            at.AddMinutes(30),
                            [],
                            true,
                            at.AddMinutes(-15)
                        ),
                        new(
                            UpdateId.Of("update000001"),
                            Phase.Investigating,
                            "We are investigating elevated error rates on our API.",
                            "~15% of requests failing",
                            "Working on identifying root cause",
                            at.AddMinutes(-15),
                            [Api(ComponentStatus.Operational, ComponentStatus.PartialOutage)],
                            true,
                            at.AddMinutes(-45)
                        ),
                    ]
                ),
                new(
                    IncidentId.Of("incover00001"),
                    "Slow <search> & \"filters\"",
                    Phase.Resolved,
                    Severity.Sev3,
                    Impact.Minor,
                    null,
                    at.AddDays(-3),
                    at.AddDays(-3).AddHours(2),
                    null,
                    at.AddDays(-3).AddHours(1),
                    [
                        new(
                            UpdateId.Of("update000004"),
                            Phase.Resolved,
                            "Search is as fast as ever.",
                            null,
                            null,
                            null,
                            [Api(ComponentStatus.DegradedPerformance, ComponentStatus.Operational)],
                            true,
                            at.AddDays(-3).AddHours(1)
                        ),
                        new(
                            UpdateId.Of("update000003"),
                            Phase.Investigating,
                            "Search is slow.",
                            null,
                            null,
                            null,
                            [Api(ComponentStatus.Operational, ComponentStatus.DegradedPerformance)],
                            true,
                            at.AddDays(-3)
                        )
                        {
                            Revisions = [new("Search is slow for all.", null, null, at.AddDays(-3).AddMinutes(20))],
                        },
                    ]
                )
                {
                    Postmortem = new("## Why\nAn index was missing.", at.AddDays(-2), at.AddDays(-2)),
                },
            ],
            Maintenances = [Plan("maint0000001", "Database upgrade", at.AddDays(2), api.Id).At(at)],
        };

        ComponentView Component(
            string id,
            string slug,
            string name,
            ComponentGroupId? group,
            ComponentStatus status,
            int position,
            double uptime,
            UptimeDay[] troubled
        ) =>
            new(
                ComponentId.Of(id),
                slug,
                name,
                null,
                group,
                status,
                status,
                position,
                at.AddDays(-200),
                at,
                new(2026, 5, 8),
                new(new(2026, 8, 27), new(2026, 11, 24), null, uptime, troubled)
            );

        MaintenanceView Plan(string id, string title, DateTimeOffset from, ComponentId component) =>
            new(
                MaintenanceId.Of(id),
                title,
                "Writes are held for a minute.",
                default,
                false,
                new(from, from.AddHours(2), true, MaintenanceEnd.OnTime, null, null, null, null),
                true,
                at.AddDays(-1),
                at.AddDays(-1),
                null,
                [component],
                null,
                null,
                [],
                []
            );
    }

    [GeneratedRegex(@"(?<=[./-])[0-9a-f]{10,}(?=[./])")]
    private static partial Regex Stamp();

    public sealed class Site : IAsyncLifetime
    {
        private AppHost _app = null!;

        public SiteRenderer Renderer => _app.Services.GetRequiredService<SiteRenderer>();

        public async ValueTask InitializeAsync() => _app = await AppHost.StartAsync("--PublicUrl", "https://status.acme.example");

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
