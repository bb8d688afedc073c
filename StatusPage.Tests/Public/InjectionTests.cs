using System.Net;
using System.Text;
using System.Xml.Linq;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using Serilog.Events;
using Serilog.Parsing;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Tests.Host;
using StatusPage.Web.Hosting;
using StatusPage.Web.Public;
using StatusPage.Web.Shared;

namespace StatusPage.Tests.Public;

/// <summary>What people type stays text, wherever it is put.</summary>
public sealed class InjectionTests
{
    private const string Breaks = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>";

    [Fact]
    public async Task A_name_breaks_out_of_nothing_on_any_page_feed_or_badge()
    {
        await using var mail = new MailServer();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Email:Smtp", mail.Url, "--Email:From", "Acme <status@acme.example>"]);
        using var owner = await app.SignInAsync();
        using var api = await app.ApiAsync(Role.Owner);
        await app.SubscriberAsync("ann@customer.example");
        var component = await app.ComponentAsync($"API {Breaks}");
        await owner.FillInAsync("/admin/settings", new { Name = $"Acme {Breaks}" }, "form:has(button[data-main])");
        var opened = await api.PostAsync(
            "incidents",
            new
            {
                incident = new
                {
                    name = $"Errors {Breaks}",
                    body = "[one](javascript:alert(1)) [two](data:text/html,x) <a href=\"jav&#x09;ascript:alert(1)\">three</a> "
                        + $"<svg onload=alert(1)> {Breaks} ![p](javascript:alert(1))",
                    impact_summary = Breaks,
                    team_status = Breaks,
                    components = new Dictionary<string, string> { [component.Id.Value] = "partial_outage" },
                },
            }
        );
        Assert.Equal(HttpStatusCode.Created, opened.Status);
        var edition = app.Services.GetRequiredService<PublicSites>().First.Current!;
        var seen = 0;
        foreach (var (path, made) in await edition.AllAsync())
        {
            var text = Encoding.UTF8.GetString(made.Document.Plain.Body);
            if (made.Document.Kind.ContentType.StartsWith("text/html", StringComparison.Ordinal))
                CheckHtml(text, path);
            else if (made.Document.Kind.ContentType.Contains("xml", StringComparison.Ordinal))
                CheckXml(text, path);
            else
                continue;
            seen++;
        }
        Assert.InRange(seen, 10, 10_000);
        foreach (
            var path in new[]
            {
                "/admin",
                "/admin/components",
                $"/admin/incidents/{opened.Id}",
                "/admin/audit",
                "/admin/subscribers",
                "/admin/embed",
                "/subscribe",
                "/search?q=" + Uri.EscapeDataString(Breaks),
                $"/badges/{component.Slug}.svg?label={Uri.EscapeDataString(Breaks)}",
            }
        )
        {
            var page = (await owner.GetAsync(path)).Source.Text;
            if (path.StartsWith("/badges", StringComparison.Ordinal))
                CheckXml(page, path);
            else
                CheckHtml(page, path);
        }
        var sent = await mail.WaitForAsync(_ => true);
        CheckHtml(sent.Html, "the mail");
        Assert.DoesNotContain("javascript:", sent.Html, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Acme\r\nBcc: mallory@evil.example")]
    [InlineData("Acme\nX: 1")]
    [InlineData("Acme\u0085X")]
    [InlineData("Acme\0")]
    public async Task A_line_break_gets_into_no_name(string name)
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        await owner.FillInAsync("/admin/settings", new { Name = name }, "form:has(button[data-main])");
        Assert.True(owner.Status is HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest, $"{owner.Status}");
        using var api = await app.ApiAsync(Role.Owner);
        (await api.PostAsync("incidents", new { incident = new { name, body = "x" } })).ExpectError(HttpStatusCode.UnprocessableEntity);
        await Assert.ThrowsAsync<RuleViolation>(() => app.ComponentAsync(name));
    }

    [Fact]
    public async Task A_line_separator_in_a_title_starts_no_header_of_a_mail()
    {
        await using var mail = new MailServer();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Email:Smtp", mail.Url, "--Email:From", "Acme <status@acme.example>"]);
        await app.SubscriberAsync("ann@customer.example");
        using var api = await app.ApiAsync();
        await api.OpenIncidentAsync(new { name = "Errors\u2028Bcc: mallory@evil.example", body = "We look." });
        var received = await mail.WaitForAsync(_ => true);
        Assert.Null(received.Message.Headers["Bcc"]);
        Assert.Equal(["ann@customer.example"], received.Message.To.Mailboxes.Select(box => box.Address));
    }

    [Fact]
    public void An_event_is_one_line_of_the_log_whatever_it_quotes()
    {
        using var output = new StringWriter();
        var template = new MessageTemplateParser().Parse("A thing called {Name} failed.");
        new Logs.Lines().Format(
            new LogEvent(
                DateTimeOffset.UnixEpoch,
                LogEventLevel.Error,
                new InvalidOperationException("one\n00:00:00 INF forged"),
                template,
                [new LogEventProperty("Name", new ScalarValue("x\r\n00:00:00 INF forged\u2028\u001b[31m"))]
            ),
            output
        );
        Assert.Single(output.ToString().Split('\n'), line => line.StartsWith("00:00:00", StringComparison.Ordinal));
        Assert.Contains("x\\u000d\\u000a00:00:00 INF forged\\u2028\\u001b[31m failed.", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_refused_at_an_import_is_no_formula_in_a_spreadsheet()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        var page = await owner.FillInAsync(
            "/admin/subscribers/import",
            new { Addresses = "=HYPERLINK(\"https://evil.example\")\n+1\n-1\n@SUM(1)\n\t=1\n\uFF1D1", Agreed = "true" },
            "form:has(textarea[name=Addresses])"
        );
        var file = (await owner.SubmitAsync((AngleSharp.Html.Dom.IHtmlFormElement)page.QuerySelector("form[action*=Refused]")!, new { })).Source.Text;
        var cells = WebUtility.HtmlDecode(file).Split('\n', '\t');
        Assert.Contains(cells, cell => cell.StartsWith("'=HYPERLINK", StringComparison.Ordinal));
        Assert.DoesNotContain(cells, cell => cell.Length > 0 && "=+-@\uFF1D".Contains(cell[0], StringComparison.Ordinal));
        Assert.Equal("1\t'=1\n'+2\tx\n'@", Csv.DisarmTabbed("1\t=1\r\n+2\tx\r@"));
    }

    [Fact]
    public async Task What_was_archived_is_nowhere_to_be_read()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        var gone = await app.ComponentAsync("Zebra Crossing");
        await app.ComponentAsync("API");
        using var owner = await app.SignInAsync();
        string[] families =
        [
            $"/components/{gone.Slug}",
            $"/components/{gone.Slug}/history.rss",
            $"/components/{gone.Slug}/history.atom",
            $"/badges/{gone.Slug}.svg",
            $"/badges/{gone.Slug}.json",
            $"/badges/{gone.Slug}/uptime.svg",
            $"/badges/{gone.Slug}.svg?style=plastic",
            $"/badges/{gone.Slug}/uptime.svg?style=plastic",
        ];
        foreach (var path in families)
        {
            using var answer = await app.Http.GetAsync(path);
            Assert.True(answer.IsSuccessStatusCode, path);
        }
        await app.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<Web.Data.StatusDb>();
            var row = db.Components.Single(one => one.Id == gone.Id);
            row.Archive(DateTimeOffset.UtcNow);
            await services.GetRequiredService<Web.Data.ChangeWriter>().PublishAsync(row.PageId, new("test", "component.archived", "Zebra"), default);
            return row;
        });
        foreach (var path in families.Concat(families.Select(path => "/de" + path)))
        {
            using var answer = await app.Http.GetAsync(path);
            Assert.True(answer.StatusCode == HttpStatusCode.NotFound, path);
            Assert.DoesNotContain("Zebra Crossing", await answer.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
        }
        var edition = app.Services.GetRequiredService<PublicSites>().First.Current!;
        foreach (var (path, made) in await edition.AllAsync())
            Assert.False(Encoding.UTF8.GetString(made.Document.Plain.Body).Contains("Zebra Crossing", StringComparison.OrdinalIgnoreCase), path);
        foreach (var path in new[] { "/", "/history.rss", "/maintenance.ics", "/embed" })
            Assert.DoesNotContain("Zebra Crossing", await app.Http.GetStringAsync("/ja" + path.TrimEnd('/')), StringComparison.OrdinalIgnoreCase);
    }

    private static void CheckHtml(string html, string path)
    {
        var document = new HtmlParser().ParseDocument(html);
        foreach (var element in document.All)
        {
            Assert.DoesNotContain(element.Attributes, attribute => attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase));
            foreach (var name in new[] { "href", "src", "action", "formaction", "data", "xlink:href" })
                Assert.False(element.GetAttribute(name) is { } value && IsActive(value), $"{path}: {element.OuterHtml}");
            Assert.False(element.LocalName == "img" && element.GetAttribute("src") == "x", $"{path}: {element.OuterHtml}");
            Assert.False(
                element.LocalName == "script"
                    && element.GetAttribute("type") != "application/ld+json"
                    && element.TextContent.Contains("alert(1)", StringComparison.Ordinal),
                $"{path}: {element.OuterHtml}"
            );
        }
    }

    private static bool IsActive(string value)
    {
        var scheme = string.Concat(value.Where(c => c > ' ')).ToLowerInvariant();
        return scheme.StartsWith("javascript:", StringComparison.Ordinal)
            || scheme.StartsWith("data:text", StringComparison.Ordinal)
            || scheme.StartsWith("vbscript:", StringComparison.Ordinal);
    }

    private static void CheckXml(string text, string path)
    {
        foreach (var element in XDocument.Parse(text).Descendants())
        {
            Assert.False(element.Name.LocalName is "script" or "img" or "foreignObject", path);
            Assert.DoesNotContain(element.Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        }
    }
}
