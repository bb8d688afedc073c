using System.Net.Sockets;
using System.Text;
using StatusPage.Domain.Accounts;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Hosting;

/// <summary>However the address of a page is written, it leads to the same page or to none.</summary>
public sealed class PathTests : IAsyncLifetime
{
    private static readonly string[] Before = ["", "/eu", "/de", "/eu/de", "/de/eu", "/EU", "/%65u", "//eu"];

    private static readonly string[] Desks =
    [
        "/admin",
        "/%61dmin",
        "/ADMIN",
        "//admin",
        "///admin",
        "/./admin",
        "/%2e/admin",
        "/x/../admin",
        "/x/%2e%2e/admin",
        "/x/..%2fadmin",
        "/admin/",
        "/admin//",
        "/admin/.",
        "/admin%2f",
        "/admin;x=1",
        "/;/admin",
        "/admin%3b",
        "/admin\\",
        "/\\admin",
        "/%5cadmin",
        "/admin%20",
        "/%20admin",
        "/admin%09",
        "/admin.json",
        "/admin/audit",
        "/%61dmin/%61udit",
        "/admin//audit",
        "/admin/./audit",
        "/admin%2Faudit",
        "/AdMiN/AuDiT",
        "/admin/audit?handler=Verify",
        "/admin/audit?handler=Export&format=csv",
        "/admin/subscribers",
        "/admin/account",
        "/admin/theme/preview/auto/default/",
        "/%61dmin/theme/preview/auto/default/",
    ];

    private static readonly string[] Apis =
    [
        "/v1/pages",
        "/%76%31/pages",
        "/V1/PAGES",
        "//v1/pages",
        "/v1//pages",
        "/./v1/pages",
        "/x/../v1/pages",
        "/v1/pages/",
        "/v1/pages.json",
        "/V1/pages.json",
        "/v1%2fpages",
        "/v1;/pages",
        "/v1\\pages",
        "/v1/pages/{page}/subscribers",
        "/%761/pages/{page}/subscribers",
    ];

    private AppHost _app = null!;
    private string _page = "";

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync(Desk.Owner);
        await _app.AddPageAsync("Europe", "eu");
        _page = (await _app.PageAsync()).Id.Value;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_session_that_ended_opens_nothing_and_neither_does_none()
    {
        using var owner = await _app.SignInAsync();
        var cookie = CookieOf(owner);
        var asked = 0;
        foreach (var path in Before.SelectMany(before => Desks.Select(desk => before + desk)))
        {
            var answer = await AskAsync(path, cookie);
            if (answer.IsDesk)
                asked++;
            Assert.True(answer.Status is 200 or 302 or 400 or 403 or 404, $"{path}: {answer.Status}");
        }
        // These spellings are good enough to let somebody in who may enter.
        Assert.InRange(asked, 15, Before.Length * Desks.Length);
        await owner.FillInAsync("/admin", new { }, "form[action$='sign-out']");
        foreach (var path in Before.SelectMany(before => Desks.Select(desk => before + desk)))
        {
            foreach (var with in new[] { cookie, "" })
            {
                var answer = await AskAsync(path, with);
                Assert.False(answer.IsDesk, $"{path} shows the desk.");
                Assert.True(answer.Status is 302 or 400 or 404, $"{path}: {answer.Status}");
            }
        }
    }

    [Fact]
    public async Task A_session_of_one_page_opens_no_other()
    {
        await _app.AccountAsync("adam@acme.example", Role.Owner);
        using var adam = await _app.SignInAsync("adam@acme.example");
        var cookie = CookieOf(adam);
        foreach (
            var path in Before
                .Where(before => before.Contains("eu", StringComparison.OrdinalIgnoreCase) || before.Contains("%65", StringComparison.Ordinal))
                .SelectMany(before => Desks.Where(desk => !desk.Contains("account", StringComparison.Ordinal)).Select(desk => before + desk))
        )
        {
            var answer = await AskAsync(path, cookie);
            // Dot segments may lead back to the first page, which is theirs.
            Assert.False(answer.IsDesk && answer.Text.Contains("Europe", StringComparison.Ordinal), $"{path} shows the desk of another page.");
        }
    }

    [Fact]
    public async Task The_programs_doors_take_a_key_and_nothing_else()
    {
        using var owner = await _app.SignInAsync();
        var cookie = CookieOf(owner);
        var key = await _app.KeyAsync((await _app.PageAsync()).Id);
        var opened = 0;
        foreach (var path in Before.SelectMany(before => Apis.Select(api => before + api.Replace("{page}", _page, StringComparison.Ordinal))))
        {
            foreach (var with in new[] { "", cookie, "\r\nAuthorization: OAuth sp_wrong" })
            {
                var answer = await AskAsync(path, with);
                Assert.True(answer.Status is 400 or 401 or 404, $"{path}: {answer.Status}");
            }
            var good = await AskAsync(path, $"\r\nAuthorization: OAuth {key}");
            if (good.Status == 200)
                opened++;
            Assert.True(good.Status is 200 or 400 or 404, $"{path}: {good.Status}");
        }
        Assert.InRange(opened, 10, Before.Length * Apis.Length);
    }

    private static string CookieOf(BrowserSession browser) =>
        "\r\nCookie: " + string.Join("; ", browser.Cookies.GetAllCookies().Select(cookie => $"{cookie.Name}={cookie.Value}"));

    /// <summary>Sends the address as it is; a client would tidy it first.</summary>
    private async Task<(int Status, string Text, bool IsDesk)> AskAsync(string path, string headers)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_app.BaseAddress.Host, _app.BaseAddress.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {_app.BaseAddress.Authority}\r\nConnection: close{headers}\r\n\r\n")
        );
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = await reader.ReadToEndAsync();
        var isDesk = text.Contains("/admin/sign-out", StringComparison.Ordinal) || text.Contains("row,at,actor", StringComparison.Ordinal);
        return (int.Parse(text.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), text, isDesk);
    }
}
