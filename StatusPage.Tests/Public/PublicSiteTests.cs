using System.IO.Compression;
using System.Net;
using System.ServiceModel.Syndication;
using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Tests.Host;
using StatusPage.Web.Public;

namespace StatusPage.Tests.Public;

/// <summary>One application with the sample data, which tests read and do not change.</summary>
public sealed class DemoApp : IAsyncLifetime
{
    public AppHost App { get; private set; } = null!;

    public async ValueTask InitializeAsync() => App = await AppHost.StartAsync("--Demo", "true", "--PublicUrl", "https://status.acme.example");

    public ValueTask DisposeAsync() => App.DisposeAsync();
}

/// <summary>Public answers, byte by byte and header by header.</summary>
public sealed class PublicSiteTests(DemoApp demo) : IClassFixture<DemoApp>
{
    private const string Root = "https://status.acme.example";

    private readonly AppHost _app = demo.App;

    private Edition Edition => _app.Services.GetRequiredService<PublicSites>().First.Current!;

    private async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) =>
        await SendAsync(HttpMethod.Get, path, headers);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return await _app.Http.SendAsync(request);
    }

    /// <summary>Documents with text come in several languages.</summary>
    private static string VaryOf(string type) =>
        type.StartsWith("text/html", StringComparison.Ordinal)
        || type.Contains("+xml", StringComparison.Ordinal) && !type.StartsWith("image/", StringComparison.Ordinal)
            ? "Accept-Encoding, Accept-Language"
            : "Accept-Encoding";

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : "";

    public static TheoryData<string, string> Paths =>
        new()
        {
            { "/", "text/html; charset=utf-8" },
            { "/history", "text/html; charset=utf-8" },
            { "/components/api", "text/html; charset=utf-8" },
            { "/history.rss", "application/rss+xml; charset=utf-8" },
            { "/history.atom", "application/atom+xml; charset=utf-8" },
            { "/components/api/history.rss", "application/rss+xml; charset=utf-8" },
            { "/badges/overall.svg", "image/svg+xml; charset=utf-8" },
            { "/badges/api.svg", "image/svg+xml; charset=utf-8" },
            { "/api/v2/summary.json", "application/json; charset=utf-8" },
            { "/api/v2/status.json", "application/json; charset=utf-8" },
            { "/api/v2/components.json", "application/json; charset=utf-8" },
            { "/api/v2/incidents.json", "application/json; charset=utf-8" },
            { "/api/v2/incidents/unresolved.json", "application/json; charset=utf-8" },
            { "/api/v2/scheduled-maintenances.json", "application/json; charset=utf-8" },
            { "/api/v2/scheduled-maintenances/upcoming.json", "application/json; charset=utf-8" },
            { "/api/v2/scheduled-maintenances/active.json", "application/json; charset=utf-8" },
            { "/history.json", "application/json; charset=utf-8" },
            { "/robots.txt", "text/plain; charset=utf-8" },
            { "/favicon.svg", "image/svg+xml; charset=utf-8" },
        };

    /// <summary>Covers only what a parser can see; the Nu validator, which sees everything, had no objections either.</summary>
    [Fact]
    public async Task Every_page_parses_without_an_error_and_its_headings_skip_no_level()
    {
        var paths = Edition
            .Snapshot.Incidents.Select(incident => $"/incidents/{incident.Id}")
            .Concat(Edition.Snapshot.Maintenances.Select(maintenance => $"/incidents/{maintenance.Id}"))
            .Concat([
                "/",
                "/history",
                $"/history/{Edition.Snapshot.AsOf:yyyy-MM}",
                "/components/api",
                "/system-metrics",
                "/promises",
                "/subscribe",
                "/search?q=api",
                "/search",
                "/embed",
                "/nothing",
                "/de/",
                "/ar/history",
            ]);
        foreach (var path in paths)
        {
            var html = await (await GetAsync(path)).Content.ReadAsStringAsync();
            var document = new HtmlParser(new HtmlParserOptions { IsStrictMode = true }).ParseDocument(html);
            var levels = document.QuerySelectorAll("h1, h2, h3, h4, h5, h6").Select(heading => heading.LocalName[1] - '0').ToList();
            // A document inside another page has no first-level heading.
            Assert.True(levels.Count(level => level == 1) == (path == "/embed" ? 0 : 1), $"{path}: {string.Join(' ', levels)}");
            Assert.All(
                levels.Skip(1).Zip(levels),
                pair => Assert.True(pair.First <= pair.Second + 1, $"{path}: h{pair.Second} is followed by h{pair.First}.")
            );
            Assert.Equal(document.QuerySelectorAll("[id]").Length, document.QuerySelectorAll("[id]").Select(element => element.Id).Distinct().Count());
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Every_public_path_answers_with_its_type_and_what_a_cache_needs(string path, string type)
    {
        var response = await GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, Header(response, "Content-Type")));
        Assert.Matches("^\"[^\"]+\"$", Header(response, "ETag"));
        Assert.True(response.Content.Headers.LastModified <= DateTimeOffset.UtcNow);
        Assert.Contains("public", Header(response, "Cache-Control"));
        Assert.Equal(VaryOf(type), Header(response, "Vary"));
        Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
        Assert.Equal("", Header(response, "Set-Cookie"));
        Assert.Equal("", Header(response, "Server"));
        Assert.True(response.Content.Headers.ContentLength > 0);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Every_public_path_answers_304_to_its_own_tag_in_every_coding(string path, string type)
    {
        Assert.NotEmpty(type);
        foreach (var coding in new[] { "identity", "gzip", "br" })
        {
            var tag = Header(await GetAsync(path, ("Accept-Encoding", coding)), "ETag");
            var again = await GetAsync(path, ("Accept-Encoding", coding), ("If-None-Match", tag));
            Assert.Equal((HttpStatusCode.NotModified, tag), (again.StatusCode, Header(again, "ETag")));
            Assert.NotEqual("", Header(again, "Cache-Control"));
            Assert.Equal(VaryOf(type), Header(again, "Vary"));
            Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Every_document_of_the_edition_can_be_had()
    {
        foreach (var path in Edition.Made.Keys.Where(path => path.StartsWith('/')))
            Assert.Equal((path, HttpStatusCode.OK), (path, (await GetAsync(path)).StatusCode));
    }

    [Theory]
    [InlineData("\"other\"", 200)]
    [InlineData("*", 304)]
    [InlineData("\"other\", {0}", 304)]
    [InlineData("W/{0}", 304)]
    public async Task If_None_Match_is_compared_as_the_RFC_says(string sent, int status)
    {
        var tag = Header(await GetAsync("/"), "ETag");
        Assert.Equal(
            status,
            (int)(await GetAsync("/", ("If-None-Match", string.Format(System.Globalization.CultureInfo.InvariantCulture, sent, tag)))).StatusCode
        );
    }

    [Theory]
    [InlineData(0, 304)]
    [InlineData(3600, 304)]
    [InlineData(-3600, 200)]
    public async Task If_Modified_Since_is_honoured(int seconds, int status)
    {
        var modified = (await GetAsync("/")).Content.Headers.LastModified!.Value.AddSeconds(seconds);
        Assert.Equal(status, (int)(await GetAsync("/", ("If-Modified-Since", modified.ToString("R")))).StatusCode);
    }

    [Fact]
    public async Task A_tag_counts_more_than_a_date() =>
        Assert.Equal(
            HttpStatusCode.OK,
            (await GetAsync("/", ("If-None-Match", "\"other\""), ("If-Modified-Since", DateTimeOffset.UtcNow.ToString("R")))).StatusCode
        );

    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("identity", "")]
    [InlineData("*", "")]
    [InlineData("gzip", "gzip")]
    [InlineData("GZIP", "gzip")]
    [InlineData("br", "br")]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("br;q=0.0, gzip;q=0.5", "gzip")]
    [InlineData("br; q=0.000 ,gzip;q=0", "")]
    [InlineData("br;q=0.5", "br")]
    [InlineData("xbr, gzipped", "")]
    public async Task The_coding_is_one_that_is_accepted(string? accepted, string coding)
    {
        var response = accepted is null ? await GetAsync("/") : await GetAsync("/", ("Accept-Encoding", accepted));
        Assert.Equal(coding, Header(response, "Content-Encoding"));
        await using var body = await response.Content.ReadAsStreamAsync();
        await using Stream plain = coding switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var reader = new StreamReader(plain);
        Assert.Equal(Encoding.UTF8.GetString(Edition.Find("/")!.Plain.Body), await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Each_coding_has_a_tag_of_its_own() =>
        Assert.Equal(
            3,
            new[]
            {
                Header(await GetAsync("/"), "ETag"),
                Header(await GetAsync("/", ("Accept-Encoding", "gzip")), "ETag"),
                Header(await GetAsync("/", ("Accept-Encoding", "br")), "ETag"),
            }
                .Distinct()
                .Count()
        );

    [Theory]
    [InlineData("/")]
    [InlineData("/history.atom")]
    [InlineData("/api/v2/summary.json")]
    public async Task A_HEAD_is_a_GET_without_its_body(string path)
    {
        var (get, head) = (await GetAsync(path), await SendAsync(HttpMethod.Head, path));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        foreach (var name in new[] { "ETag", "Last-Modified", "Cache-Control", "Vary", "Content-Type", "Content-Length" })
            Assert.Equal(Header(get, name), Header(head, name));
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/incidents/abcdefghij01")]
    [InlineData("/components/nothing")]
    [InlineData("/maintenances/abcdefghij01")]
    [InlineData("/not-found")]
    [InlineData("/Public/Pages/Home")]
    public async Task What_is_not_there_is_said_in_a_page_that_leads_home(string path)
    {
        var response = await GetAsync(path);
        Assert.Equal((HttpStatusCode.NotFound, "text/html; charset=utf-8"), (response.StatusCode, Header(response, "Content-Type")));
        Assert.NotNull(new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync()).QuerySelector("a[href='/']"));
    }

    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/history", HttpStatusCode.OK)]
    [InlineData("/nothing", HttpStatusCode.NotFound)]
    [InlineData("/incidents/abcdefghij01", HttpStatusCode.NotFound)]
    [InlineData("/components/nothing", HttpStatusCode.NotFound)]
    [InlineData("/admin/sign-in/nothing", HttpStatusCode.Found)]
    public async Task Every_page_carries_the_whole_policy(string path, HttpStatusCode status)
    {
        var response = await GetAsync(path);
        Assert.Equal(status, response.StatusCode);
        var policy = Header(response, "Content-Security-Policy");
        foreach (
            var part in new[]
            {
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "frame-ancestors 'none'",
                "base-uri 'none'",
                "form-action 'self'",
            }
        )
            Assert.Contains(part, policy);
        Assert.DoesNotContain("unsafe", policy);
    }

    [Fact]
    public async Task The_home_page_is_kept_for_seconds_and_served_stale_in_need()
    {
        var control = (await GetAsync("/")).Headers.CacheControl!;
        Assert.True(control.Public && control.MaxAge <= TimeSpan.FromSeconds(60) && control.SharedMaxAge <= TimeSpan.FromSeconds(300));
        Assert.Contains(control.Extensions, extension => extension.Name == "stale-while-revalidate");
        Assert.Contains(control.Extensions, extension => extension.Name == "stale-if-error");
    }

    [Fact]
    public async Task Badges_are_kept_for_a_minute_to_an_hour() =>
        Assert.InRange((await GetAsync("/badges/overall.svg")).Headers.CacheControl!.MaxAge!.Value.TotalSeconds, 60, 3600);

    [Theory]
    [InlineData("/")]
    [InlineData("/history")]
    [InlineData("/components/api")]
    [InlineData("/history.rss")]
    [InlineData("/api/v2/summary.json")]
    public async Task A_public_page_cannot_be_written_to(string path)
    {
        var response = await SendAsync(HttpMethod.Post, path);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Contains("GET", Header(response, "Allow"));
    }

    [Theory]
    [InlineData("/api/v2/nothing.json")]
    [InlineData("/api/nothing")]
    public async Task An_unknown_address_of_the_api_is_a_json_404_for_any_origin(string path)
    {
        var response = await GetAsync(path);
        Assert.Equal((HttpStatusCode.NotFound, "*"), (response.StatusCode, Header(response, "Access-Control-Allow-Origin")));
        Assert.NotEqual("", JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("/api/v2/summary.json")]
    [InlineData("/history.atom")]
    [InlineData("/badges/overall.svg")]
    public async Task What_others_embed_may_be_loaded_from_anywhere(string path) =>
        Assert.Equal("*", Header(await GetAsync(path), "Access-Control-Allow-Origin"));

    [Fact]
    public async Task Links_come_from_the_configured_address_never_from_the_request()
    {
        foreach (var path in new[] { "/", "/history.rss", "/history.atom", "/api/v2/summary.json" })
        {
            var text = await (await GetAsync(path, ("X-Forwarded-Host", "evil.example"), ("Host", "evil.example"))).Content.ReadAsStringAsync();
            Assert.DoesNotContain("evil.example", text);
            Assert.Contains(Root, text);
        }
    }

    [Fact]
    public async Task The_home_page_leads_everywhere()
    {
        var page = new HtmlParser().ParseDocument(await _app.Http.GetStringAsync("/"));
        var links = page.QuerySelectorAll("a[href]").Select(link => link.GetAttribute("href")!).ToList();
        foreach (var path in new[] { "/history", "/subscribe", "/history.rss", "/history.atom", "/components/api", "/components/database" })
            Assert.Contains(links, link => link == path || link == Root + path);
        Assert.Equal(
            2,
            page.QuerySelectorAll("link[rel=alternate]").Count(link => link.GetAttribute("type") is "application/rss+xml" or "application/atom+xml")
        );
        Assert.Empty(page.QuerySelectorAll("script:not([src], [type='application/ld+json']), style, [style], [onclick]"));
    }

    [Fact]
    public async Task The_home_page_shows_the_example_of_the_guide()
    {
        var text = new HtmlParser().ParseDocument(await _app.Http.GetStringAsync("/")).Body!.TextContent;
        Assert.Contains("We are investigating elevated error rates on our API.", text);
        Assert.Contains("~15% of requests failing", text);
        Assert.Contains("Working on identifying root cause", text);
        Assert.Contains("Next update by", text);
        Assert.Contains("SEV2", text);
    }

    [Theory]
    [InlineData("/history.rss")]
    [InlineData("/history.atom")]
    [InlineData("/components/api/history.rss")]
    public async Task A_feed_can_be_read_by_a_feed_reader(string path)
    {
        using var reader = XmlReader.Create(new MemoryStream(await _app.Http.GetByteArrayAsync(path)));
        var feed = SyndicationFeed.Load(reader);
        Assert.NotEmpty(feed.Items);
        Assert.StartsWith("Acme", feed.Title.Text, StringComparison.Ordinal);
        Assert.Equal(feed.Items.Count(), feed.Items.Select(item => item.Id).Distinct().Count());
        Assert.All(
            feed.Items,
            item =>
                Assert.StartsWith(
                    $"{Root}/incidents/",
                    item.Links.Single(link => link.RelationshipType == "alternate").Uri.ToString(),
                    StringComparison.Ordinal
                )
        );
        Assert.Equal(feed.Items.Select(item => item.PublishDate).OrderDescending(), feed.Items.Select(item => item.PublishDate));
    }

    [Fact]
    public async Task The_atom_feed_has_the_form_of_Statuspage()
    {
        XNamespace atom = "http://www.w3.org/2005/Atom";
        var feed = XDocument.Parse(await _app.Http.GetStringAsync("/history.atom")).Root!;
        Assert.Equal("tag:status.acme.example,2005:/history", feed.Element(atom + "id")!.Value);
        Assert.Equal("Acme - Incident History", feed.Element(atom + "title")!.Value);
        Assert.Equal(
            $"{Root}/history.atom",
            feed.Elements(atom + "link").Single(link => (string?)link.Attribute("rel") == "self").Attribute("href")!.Value
        );
        var entry = feed.Element(atom + "entry")!;
        Assert.Matches("^tag:status.acme.example,2005:Incident/[a-z0-9]{12}$", entry.Element(atom + "id")!.Value);
        var content = entry.Element(atom + "content")!;
        Assert.Equal("html", content.Attribute("type")!.Value);
        Assert.Contains("<strong>Investigating</strong>", content.Value);
        Assert.NotNull(entry.Element(atom + "published"));
        Assert.NotNull(entry.Element(atom + "updated"));
    }

    [Fact]
    public async Task Badges_are_well_formed_pictures()
    {
        foreach (
            var path in Edition.Made.Keys.Where(path =>
                path.StartsWith("/badges/", StringComparison.Ordinal) && path.EndsWith(".svg", StringComparison.Ordinal)
            )
        )
            Assert.Equal("svg", XDocument.Parse(await _app.Http.GetStringAsync(path)).Root!.Name.LocalName);
        Assert.Contains("partial outage", await _app.Http.GetStringAsync("/badges/api.svg"));
    }

    [Fact]
    public async Task An_unknown_badge_is_a_picture_that_says_so()
    {
        var response = await GetAsync("/badges/nothing.svg");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("not found", XDocument.Parse(await response.Content.ReadAsStringAsync()).Root!.Value);
    }

    [Fact]
    public async Task The_probes_answer()
    {
        Assert.Equal("live", await _app.Http.GetStringAsync("/healthz/live"));
        var ready = JsonDocument.Parse(await _app.Http.GetStringAsync("/healthz/ready")).RootElement;
        Assert.Equal(("ok", "ok"), (ready.GetProperty("public").GetString(), ready.GetProperty("posts").GetString()));
    }
}
