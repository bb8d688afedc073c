using System.Net;
using System.Text;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Notices;
using StatusPage.Domain.Pages;
using StatusPage.Tests.Host;
using Desk = StatusPage.Tests.Host.Desk;

namespace StatusPage.Tests.Permissions;

/// <summary>Tries every endpoint and page as everybody: exactly those whom the table names pass, and those who do not pass change nothing.</summary>
public sealed class DoorTests : IAsyncLifetime
{
    private const string Anonymous = "anonymous";

    /// <summary>The owner of another page, who has no role here.</summary>
    private const string Elsewhere = "elsewhere";
    private const string Pass = "pass";

    private AppHost _app = null!;
    private Page _page = null!;
    private Page _other = null!;
    private IReadOnlyList<Door> _doors = [];

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync(null, AppHost.WithoutWorkers, Desk.Owner);
        _page = await _app.PageAsync();
        _other = await _app.AddPageAsync("Europe", slug: "eu");
        _doors = await Door.AllAsync(_app);
        Assert.InRange(_doors.Count, 200, 1000);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Everybody_passes_the_doors_of_the_desk_and_of_the_page_that_the_table_says()
    {
        var table = new DoorTable("desk.tsv");
        var known = table.Read();
        var doors = _doors.Where(door => !door.IsApi).ToList();
        string[] columns = [Anonymous, Elsewhere, .. Roles.All.Select(role => role.Code())];
        var seen = new Dictionary<(string, string), string>();
        foreach (var who in columns)
        {
            using var person = await PersonAsync(who);
            var ids = await IdsAsync();
            var before = await PageRows.AllAsync(_app);
            // The closed ones come first, so that nothing that this person may do happens in between.
            var closed = doors.Where(door => !known.TryGetValue(door.Name, out var row) || row.GetValueOrDefault(who) != Pass).OrderBy(Last).ToList();
            foreach (var door in closed)
                seen[(door.Name, who)] = await TryAsync(door, person, ids);
            if (!DoorTable.IsWritten && closed.TrueForAll(door => seen[(door.Name, who)] != Pass))
                ExpectSame(before, await PageRows.AllAsync(_app), who);
            foreach (var door in doors.Except(closed).OrderBy(Last))
                seen[(door.Name, who)] = await TryAsync(door, person, ids);
        }
        table.Check(doors, columns, seen);
    }

    [Fact]
    public async Task Every_key_passes_the_doors_of_the_api_that_the_table_says()
    {
        var table = new DoorTable("api.tsv");
        var known = table.Read();
        var doors = _doors.Where(door => door.IsApi).ToList();
        var scopes = ApiScopes.Areas.SelectMany(area => new[] { ApiScopes.Of(area, false), ApiScopes.Of(area, true) }).ToList();
        string[] columns = [Anonymous, "signed-in", Elsewhere, .. Roles.All.Select(role => role.Code()), .. scopes];
        var seen = new Dictionary<(string, string), string>();
        var ids = await IdsAsync();
        foreach (var who in columns)
        {
            using var caller = await CallerAsync(who);
            var before = await PageRows.AllAsync(_app);
            var closed = doors.Where(door => !known.TryGetValue(door.Name, out var row) || row.GetValueOrDefault(who) != Pass).ToList();
            foreach (var door in closed)
                seen[(door.Name, who)] = await TryAsync(door, caller, ids);
            if (!DoorTable.IsWritten && closed.TrueForAll(door => seen[(door.Name, who)] != Pass))
                ExpectSame(before, await PageRows.AllAsync(_app), who);
            foreach (var door in doors.Except(closed).OrderBy(Last))
                seen[(door.Name, who)] = await TryAsync(door, caller, ids);
        }
        table.Check(doors, columns, seen);
    }

    /// <summary>Requests with all the rights of an owner, but sent from another site.</summary>
    [Theory]
    [InlineData("https://evil.example", "cross-site")]
    [InlineData("https://evil.example", null)]
    [InlineData("null", null)]
    [InlineData(null, "same-site")]
    public async Task Nothing_that_another_site_sends_passes_a_door_but_those_that_are_made_for_it(string? origin, string? site)
    {
        using var owner = await PersonAsync(Role.Owner.Code());
        (owner.Origin, owner.Site) = (origin, site);
        var ids = await IdsAsync();
        var before = await PageRows.AllAsync(_app);
        foreach (var door in _doors.Where(door => door.IsUnsafe && !door.IsApi && !door.TakesOtherOrigins))
        {
            using var answer = await SendAsync(door, owner, ids);
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{door.Name}: {(int)answer.StatusCode}");
            Assert.DoesNotContain("<form", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        ExpectSame(before, await PageRows.AllAsync(_app), "another site");
        Assert.Equal(
            ["/hooks/destinations/{id}", "/hooks/mail-reports", "/hooks/{source}/{id}", "/subscribe/unsubscribe/{token}"],
            _doors.Where(door => door is { TakesOtherOrigins: true, IsApi: false, IsUnsafe: true }).Select(door => door.Path).Distinct()
        );
        Assert.All(_doors.Where(door => door.IsApi), door => Assert.True(door.TakesOtherOrigins, door.Name));
    }

    [Fact]
    public async Task What_another_site_sent_is_not_offered_again_and_what_our_own_page_sent_is()
    {
        using var owner = await PersonAsync(Role.Owner.Code());
        owner.Token = "stale";
        foreach (
            var (origin, site, isOffered) in new (string?, string?, bool)[]
            {
                (_app.BaseAddress.GetLeftPart(UriPartial.Authority), null, true),
                (null, "same-origin", true),
                ("null", "same-origin", true),
                (null, null, false),
                ("https://evil.example", null, false),
                (null, "none", false),
                ("https://evil.example", "cross-site", false),
            }
        )
        {
            (owner.Origin, owner.Site) = (origin, site);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/accounts?handler=Invite");
            request.Content = new FormUrlEncodedContent([
                new("Email", "attacker@evil.example"),
                new("Role", "owner"),
                new("__RequestVerificationToken", owner.Token),
            ]);
            owner.Sign(request);
            using var answer = await _app.Http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True((int)answer.StatusCode is 400 or 403, $"{origin} {site}: {(int)answer.StatusCode}");
            Assert.Equal(isOffered, text.Contains("attacker@evil.example", StringComparison.Ordinal));
            Assert.Equal(isOffered, text.Contains("__RequestVerificationToken", StringComparison.Ordinal));
        }
        Assert.Equal(0, await _app.InStoreAsync(db => db.OneTimeLinks.CountAsync()));
    }

    /// <summary>Those that remove what others need come last.</summary>
    private static int Last(Door door) =>
        door is { Path: "/admin/sign-out", IsUnsafe: true } ? 2
        : door.Form is "Delete" or "Archive" || door.Method == "DELETE" ? 1
        : 0;

    private async Task<string> TryAsync(Door door, Caller who, Ids ids)
    {
        using var answer = await SendAsync(door, who, ids);
        Assert.True((int)answer.StatusCode != 500, $"{door.Name} with {who.Name}: 500");
        var to = answer.Headers.Location?.OriginalString ?? "";
        return (int)answer.StatusCode switch
        {
            302 when to.StartsWith("/admin/sign-in", StringComparison.Ordinal) && door.Path != "/admin/sign-out" => "sign-in",
            302 when to.StartsWith("/admin/denied", StringComparison.Ordinal) => "denied",
            401 or 403 or 405 => ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture),
            404 when !door.IsApi || who.Name == Elsewhere => "404",
            _ => Pass,
        };
    }

    private async Task<HttpResponseMessage> SendAsync(Door door, Caller who, Ids ids)
    {
        using var request = new HttpRequestMessage(new(door.Method), ids.Fill(door));
        if (door.IsUnsafe)
            request.Content = door.IsApi
                ? new StringContent("{}", Encoding.UTF8, "application/json")
                : new FormUrlEncodedContent([
                    new("__RequestVerificationToken", (door.Path.StartsWith("/admin", StringComparison.Ordinal) ? who.Token : who.PublicToken) ?? ""),
                ]);
        who.Sign(request);
        var answer = await _app.Http.SendAsync(request);
        who.Keep(answer);
        return answer;
    }

    private static void ExpectSame(IReadOnlyList<string> before, IReadOnlyList<string> after, string who)
    {
        var (gone, came) = (before.Select(Made).Except(after.Select(Made)).ToList(), after.Select(Made).Except(before.Select(Made)).ToList());
        Assert.True(
            gone.Count + came.Count == 0,
            $"{who} was refused everywhere and changed this all the same:\n- {string.Join("\n- ", gone)}\n+ {string.Join("\n+ ", came)}"
        );
    }

    /// <summary>Notices are sent meanwhile, so only the fact that one was written counts.</summary>
    private static string Made(string row) =>
        row.StartsWith("Notice:", StringComparison.Ordinal) ? row[row.IndexOf("Key=", StringComparison.Ordinal)..].Split(',')[0] : row;

    private async Task<Caller> PersonAsync(string who)
    {
        var browser = _app.NewBrowser();
        IDocument page;
        if (who == Anonymous)
            page = await browser.GetAsync("/admin/sign-in");
        else
        {
            var email = $"{who}-{PublicId.NewValue()}@acme.example";
            await _app.AccountAsync(email, who == Elsewhere ? Role.Owner : Roles.Parse(who)!.Value, who == Elsewhere ? _other.Id : null);
            await browser.FillInAsync($"{(who == Elsewhere ? "/eu" : "")}/admin/sign-in", new { Email = email, Desk.Password });
            page = await browser.GetAsync(who == Elsewhere ? "/admin/denied" : "/admin/account");
        }
        var token = page.QuerySelector("input[name=__RequestVerificationToken]")?.GetAttribute("value");
        Assert.NotNull(token);
        // Outside the desk nobody is signed in, so the forms there have a token of their own.
        var open = (await browser.GetAsync("/subscribe")).QuerySelector("input[name=__RequestVerificationToken]")?.GetAttribute("value");
        return new(who, browser, null)
        {
            Token = token,
            PublicToken = open,
            Origin = _app.BaseAddress.GetLeftPart(UriPartial.Authority),
        };
    }

    private async Task<Caller> CallerAsync(string who) =>
        who switch
        {
            Anonymous => new(who, null, null),
            "signed-in" => await PersonAsync(Role.Owner.Code()),
            Elsewhere => new(who, null, await _app.KeyAsync(_other.Id, Role.Owner)),
            _ => new(who, null, Roles.Parse(who) is { } role ? await _app.KeyAsync(_page.Id, role) : await _app.KeyAsync(_page.Id, Role.Owner, who)),
        };

    /// <summary>Fresh rows for every kind of address, because some endpoints delete theirs.</summary>
    private async Task<Ids> IdsAsync()
    {
        var rows = await PageRows.OfAsync(_app, _page);
        var now = DateTimeOffset.UtcNow;
        var channel = ChannelAccount.Add(_page.Id, Channel.Slack, $"Slack {rows.Mark}", null, null, "{}", now);
        var contact = Contact.Add(_page.Id, NoticeChannel.Email, $"Contact {rows.Mark}", "oncall@acme.example", null, 1, now);
        var audience = Audience.Create(_page.Id, $"Group {rows.Mark}", new HashSet<string>(), now);
        var template = await _app.InStoreAsync(async db =>
        {
            db.AddRange(channel, contact, audience);
            await db.SaveChangesAsync();
            return await db.Templates.Where(row => row.PageId == _page.Id).Select(row => row.Id).FirstAsync();
        });
        return new(rows, channel.Id.Value, contact.Id.Value, audience, template.Value, _other.Id.Value);
    }

    private sealed record Ids(PageRows Rows, string Channel, string Contact, Audience Audience, string Template, string Page)
    {
        public string Fill(Door door)
        {
            var path = door
                .Path.Replace("{page_id}", Rows.Page.Id.Value, StringComparison.Ordinal)
                .Replace("{incident_id}", Rows.Incident.Id.Value, StringComparison.Ordinal)
                .Replace("{incident_update_id}", Rows.Incident.Updates[0].Id.Value, StringComparison.Ordinal)
                .Replace("{updateId}", Rows.Incident.Updates[0].Id.Value, StringComparison.Ordinal)
                .Replace("{component_id}", Rows.Component.Id.Value, StringComparison.Ordinal)
                .Replace("{group_id}", Rows.Group.Id.Value, StringComparison.Ordinal)
                .Replace("{subscriber_id}", Rows.Confirmed.Id.Value, StringComparison.Ordinal)
                .Replace("{metric_id}", Rows.Metric.Id.Value, StringComparison.Ordinal)
                .Replace("{template_id}", Rows.Template.Id.Value, StringComparison.Ordinal)
                .Replace("{draft_id}", Rows.Draft.Id.Value, StringComparison.Ordinal)
                .Replace("{id:length(12)}", Rows.Confirmed.Id.Value, StringComparison.Ordinal)
                .Replace("{id}", IdOf(door.Path), StringComparison.Ordinal)
                .Replace(
                    "{slug}",
                    door.Path.StartsWith("/audiences", StringComparison.Ordinal) ? Audience.Slug : Rows.Component.Slug,
                    StringComparison.Ordinal
                )
                .Replace("{token}", "nobody.knows-this-token", StringComparison.Ordinal)
                .Replace("{month}", "2020-01", StringComparison.Ordinal)
                .Replace("{month?}", "2020-01", StringComparison.Ordinal);
            path = System.Text.RegularExpressions.Regex.Replace(
                path,
                @"\{[^}]*\}",
                "x",
                System.Text.RegularExpressions.RegexOptions.None,
                TimeSpan.FromSeconds(1)
            );
            return door.Form.Length == 0 ? path : $"{path}?handler={door.Form}";
        }

        private string IdOf(string path) =>
            path.Split('/').ElementAtOrDefault(2) switch
            {
                "components" => Rows.Component.Id.Value,
                "groups" => Rows.Group.Id.Value,
                "maintenances" => Rows.Maintenance.Id.Value,
                "channels" => Channel,
                "promises" => Contact,
                "audiences" => Audience.Id.Value,
                "templates" => Template,
                "pages" => Page,
                _ => Rows.Incident.Id.Value,
            };
    }

    private sealed class Caller(string name, BrowserSession? browser, string? key) : IDisposable
    {
        public string Name => name;
        public string? Token { get; set; }
        public string? PublicToken { get; set; }
        public string? Origin { get; set; }
        public string? Site { get; set; }

        public void Sign(HttpRequestMessage request)
        {
            if (browser is not null)
                request.Headers.Add("Cookie", browser.Cookies.GetCookieHeader(new Uri(browser.Location, "/")));
            if (key is not null)
                request.Headers.Add("Authorization", $"OAuth {key}");
            if (Origin is not null && request.Method != HttpMethod.Get)
                request.Headers.Add("Origin", Origin);
            if (Site is not null)
                request.Headers.Add("Sec-Fetch-Site", Site);
        }

        public void Keep(HttpResponseMessage answer)
        {
            if (browser is null || !answer.Headers.TryGetValues("Set-Cookie", out var cookies))
                return;
            foreach (var cookie in cookies)
                browser.Cookies.SetCookies(new Uri(browser.Location, "/"), cookie);
        }

        public void Dispose() => browser?.Dispose();
    }
}
