using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Tests.Host;
using StatusPage.Tests.Permissions;
using StatusPage.Web.Public;
using StatusPage.Web.Readers;

namespace StatusPage.Tests.Readers;

/// <summary>Two private pages with some of everything, and whoever asks for anything of them without being their reader.</summary>
public sealed partial class ClosedDoorTests : IAsyncLifetime
{
    private AppHost _app = null!;
    private PageRows _first = null!;
    private PageRows _second = null!;
    private IReadOnlyList<Door> _doors = [];

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync(Desk.Owner);
        _first = await PageRows.OfAsync(_app, await _app.PageAsync());
        _second = await PageRows.OfAsync(_app, await _app.AddPageAsync("Europe", "eu"));
        await _app.CloseAsync(page: _first.Page.Id);
        await _app.CloseAsync(page: _second.Page.Id);
        _doors = await Door.AllAsync(_app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task No_address_of_a_private_page_tells_a_stranger_anything()
    {
        foreach (var rows in new[] { _first, _second })
        {
            var site = _app.Services.GetRequiredService<PublicSites>().Of(rows.Page.Id)!;
            var documents = await site.Current!.AllAsync();
            var paths = documents
                .Select(document => (Method: "GET", document.Path, Tag: document.Made.Document.Plain.Tag))
                .Concat(_doors.Where(door => !door.IsApi).Select(door => (door.Method, Path: Fill(door, rows), Tag: "*")))
                .Concat(Others(rows).Select(path => (Method: "GET", Path: path, Tag: "*")))
                .Distinct()
                .ToList();
            Assert.InRange(paths.Count, 300, 2_000);
            foreach (var (method, path, tag) in paths)
                await TryAsync(rows, new(method), path, tag);
            // Each way of asking, for everything that lies ready.
            foreach (var path in documents.Select(document => document.Path).Where(path => path.StartsWith('/')).Concat(Others(rows)))
            {
                await TryAsync(rows, HttpMethod.Head, path, "*");
                await TryAsync(rows, HttpMethod.Options, path, "*");
                await TryAsync(rows, HttpMethod.Post, path, "*");
                await TryAsync(rows, HttpMethod.Get, $"/de{path}", "*");
                await TryAsync(rows, HttpMethod.Get, path.TrimEnd('/') + "/", "*");
                await TryAsync(rows, HttpMethod.Get, path + "?style=flat&page=1&token=spr_nonsense", "*");
            }
        }
    }

    private async Task TryAsync(PageRows rows, HttpMethod method, string path, string tag)
    {
        if (!path.StartsWith('/'))
            return;
        var address = rows.Page.Location.Base() + path;
        foreach (var encoding in new[] { "identity", "gzip", "br" })
        {
            using var request = new HttpRequestMessage(method, address);
            request.Headers.TryAddWithoutValidation("Accept-Encoding", encoding);
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer spr_nonsense");
            // The cookie of another page, and one that nobody signed.
            request.Headers.TryAddWithoutValidation("Cookie", $"reader.{rows.Page.Id}=bm9uc2Vuc2U.bm9uc2Vuc2U");
            if (method == HttpMethod.Options)
                request.Headers.TryAddWithoutValidation("Access-Control-Request-Method", "GET");
            using var answer = await _app.Http.SendAsync(request);
            var what = $"{method} {address} ({encoding}): {(int)answer.StatusCode}";
            var said = await answer.Content.ReadAsStringAsync();
            var headers = $"{answer.Headers}{answer.Content.Headers}";
            // The form leads back to what was asked for.
            said = said.Replace(path.Split('?')[0], "", StringComparison.Ordinal);
            Assert.False(said.Contains(rows.Mark, StringComparison.Ordinal), $"{what}\n{said}");
            Assert.False(
                headers.Replace(Uri.EscapeDataString(address), "", StringComparison.Ordinal).Contains(rows.Mark, StringComparison.Ordinal),
                $"{what}\n{headers}"
            );
            var bare = path.Split('?')[0];
            if (Doorkeeper.IsOpen(bare.StartsWith("/de/", StringComparison.Ordinal) ? bare[3..] : bare))
                continue;
            Assert.False(Told().IsMatch(said), $"{what}\n{said}");
            Assert.True(
                method == HttpMethod.Options ? answer.StatusCode == HttpStatusCode.NoContent : answer.StatusCode == HttpStatusCode.Unauthorized,
                what
            );
            Assert.True(answer.Headers.ETag is null && answer.Content.Headers.LastModified is null, what);
            Assert.True(answer.Headers.CacheControl?.NoStore == true, what);
        }
    }

    /// <summary>States, as any page, feed, badge or API would tell them.</summary>
    [GeneratedRegex("partial.outage|operational|elevated error|investigating", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Told();

    /// <summary>Documents that are made on demand, and addresses that never were.</summary>
    private static IEnumerable<string> Others(PageRows rows) =>
        [
            "/llms.txt",
            "/index.md",
            "/history.md",
            "/sitemap.xml",
            $"/incidents/{rows.Incident.Id}.md",
            $"/incidents/{rows.Incident.Id}.json",
            $"/incidents/{rows.Over.Id}",
            $"/components/{rows.Component.Slug}.md",
            $"/badges/{rows.Component.Slug}/uptime.svg",
            "/search",
            "/subscribe",
            "/api/docs",
            "/api/v2/never",
            "/never/was",
            "/%2Fhistory",
            "/History",
            "/API/v2/summary.json",
            "/history/../history",
            "/Admin%2Fhistory",
            "/readers.rss",
        ];

    private static string Fill(Door door, PageRows rows)
    {
        var path = door
            .Path.Replace("{slug}", rows.Component.Slug, StringComparison.Ordinal)
            .Replace("{id}", rows.Incident.Id.Value, StringComparison.Ordinal)
            .Replace("{month}", rows.Incident.StartedAt.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        return Parameter().Replace(path, "x") + (door.Form.Length == 0 ? "" : $"?handler={door.Form}");
    }

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();

    [Fact]
    public async Task A_cookie_of_one_page_opens_no_other()
    {
        using var reader = await _app.ReadAsync("/history");
        Assert.Equal("/history", reader.Location.AbsolutePath);
        Assert.Equal(HttpStatusCode.OK, reader.Status);
        await reader.GetAsync("/eu/history");
        Assert.Equal(HttpStatusCode.Unauthorized, reader.Status);
        // Not under the other page's name, either.
        var cookie = reader.Cookies.GetAllCookies().Single(cookie => cookie.Name == Gate.CookieOf(_first.Page.Id));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/eu/history");
        request.Headers.Add("Cookie", $"{Gate.CookieOf(_second.Page.Id)}={cookie.Value}");
        using var answer = await _app.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }
}
