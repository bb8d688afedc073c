using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Accounts;
using StatusPage.Tests.Host;
using Desk = StatusPage.Tests.Host.Desk;

namespace StatusPage.Tests.Hosting;

/// <summary>
/// No endpoint answers 500, whatever is in an address, a form or a body. The endpoints come from the program itself, so new ones are tried too.
/// </summary>
public sealed class HostileValuesTests(ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>Values in their encoded form, as in an address.</summary>
    private static readonly string[] Values =
    [
        "",
        "unknown",
        "abcdefghijkl",
        "-1",
        "99999999999999999999",
        "NaN",
        "1e308",
        "%00",
        "%EF%BF%BE",
        "%EF%B7%90",
        "%E2%80%AE%07",
        "%ED%A0%80",
        "%FF",
        "..%2F..%2Fetc",
        "%2F%2Fevil.example",
        "%3Cscript%3E%26%22%27",
        "%7B0%7D",
        "0001-01-01T00%3A00",
        "9999-12-31T23%3A59%3A59Z",
        "2026-13-45",
        "%F0%9F%92%A9",
        new('a', 3000),
    ];

    /// <summary>JSON values for each field of a body.</summary>
    private static readonly string[] Fields =
    [
        "null",
        "true",
        "0",
        "-1e11",
        "1e400",
        "99999999999999999999",
        "\"\"",
        "\"unknown\"",
        "\"\\ufffe\"",
        "\"\\ud800\"",
        "\"\\u0000\"",
        "\"-1e11\"",
        "\"9999-12-31T23:59:59+14:00\"",
        "\"0001-01-01T00:00:00-14:00\"",
        "[]",
        "[null]",
        "[[[1]]]",
        "{}",
        "{\"\\ud800\":1}",
        "{\"a\":{\"b\":[{}]}}",
        $"\"{new string('x', 30_000)}\"",
        "[{\"timestamp\":-1e11,\"value\":1}]",
        "[{\"timestamp\":\"NaN\",\"value\":\"NaN\"}]",
    ];

    private static readonly string[] ContentTypes =
    [
        "application/json; charset=utf-7",
        "application/x-www-form-urlencoded; charset=utf-7",
        "multipart/form-data; boundary=x; charset=utf-7",
        "application/json; charset=unknown",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=" + "x".PadLeft(300, 'x'),
        "application/x-www-form-urlencoded; charset=\"utf-16\"",
        "application/x-www-form-urlencoded; charset=utf-32",
        "nonsense",
        "message/rfc822; charset=utf-7",
        "",
    ];

    /// <summary>Bodies of these types and of others.</summary>
    private static readonly byte[][] Bodies =
    [
        [],
        "a=%FF%00&b=%ED%A0%80&c[][][][]=1"u8.ToArray(),
        "{"u8.ToArray(),
        "[1]"u8.ToArray(),
        "\uFEFF{}"u8.ToArray(),
        [0xFF, 0xFE, 0x00],
        "--x\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Type: text/plain; charset=utf-7\r\n\r\n+ADw-\r\n--x--\r\n"u8.ToArray(),
        "--x\r\nContent-Disposition: form-data; name"u8.ToArray(),
        Encoding.ASCII.GetBytes(string.Join('&', Enumerable.Range(0, 3000).Select(i => $"f{i}=1"))),
        Encoding.ASCII.GetBytes(new string('[', 2000)),
        Encoding.ASCII.GetBytes("a=" + new string('1', 500_000)),
    ];

    private readonly Dictionary<string, string> _cookies = [];
    private readonly List<string> _failures = [];
    private AppHost _app = null!;
    private string _page = "";
    private string _key = "";
    private string _token = "";
    private int _asked;
    private int _read;
    private int _doors;

    public async ValueTask InitializeAsync()
    {
        _app = await DirectServer.StartDirectAsync([
            .. Desk.Owner,
            "--Demo",
            "true",
            "--Log:Level",
            "Fatal",
            "--Limits:SignInsPerMinute",
            "100000",
            "--Limits:SubscriptionsPerMinute",
            "100000",
            "--Email:ReportsSecret",
            "abcdefghijklmnopqrstuvwxyz",
        ]);
        var page = await _app.PageAsync();
        (_page, _key) = (page.Id.Value, await _app.KeyAsync(page.Id, Role.Owner));
        await SignInAsync();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task No_door_answers_500()
    {
        var doors = _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        Assert.True(doors.Count > 80, "The doors of the program were not found.");
        foreach (var door in doors)
        {
            _doors++;
            if (door.Metadata.GetMetadata<PageActionDescriptor>() is { } page)
                await TryPageAsync(door, page);
            else
                foreach (var method in door.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"])
                    await TryAsync(door, method);
            await StaySignedInAsync();
        }
        output.WriteLine($"{doors.Count} doors, {_asked} requests");
        Assert.True(_failures.Count == 0, string.Join('\n', _failures.Distinct().Take(80)));
    }

    private async Task TryPageAsync(RouteEndpoint door, PageActionDescriptor page)
    {
        if (page.RelativePath.Contains("SignOut", StringComparison.Ordinal))
            return;
        var compiled = await _app.Services.GetRequiredService<PageLoader>().LoadAsync(page, door.Metadata);
        var names = compiled.BoundProperties.Concat(compiled.Parameters).SelectMany(NamesOf).Append("Token").Distinct().ToList();
        foreach (var (turn, handler) in compiled.HandlerMethods.Where(handler => handler.HttpMethod is "Get" or "Post").Index())
        {
            var fields = names.Concat(handler.Parameters.SelectMany(NamesOf)).Distinct().ToList();
            // Each handler of a page gets half of the values.
            foreach (var (_, value) in Values.Index().Where(value => (value.Index + turn + _doors) % 2 == 0))
            {
                var query = string.Join('&', fields.Select(name => $"{name}={value}").Prepend($"handler={handler.Name}"));
                if (handler.HttpMethod.Equals("GET", StringComparison.OrdinalIgnoreCase))
                    await AskAsync("GET", Path(door, value) + "?" + query);
                else
                {
                    var form = string.Join(
                        '&',
                        fields.Select(name => $"{name}={value}").Prepend($"__RequestVerificationToken={Uri.EscapeDataString(_token)}")
                    );
                    await AskAsync(
                        "POST",
                        $"{Path(door, value)}?handler={handler.Name}",
                        Encoding.ASCII.GetBytes(form),
                        "application/x-www-form-urlencoded"
                    );
                }
            }
        }
        // The framework reads the forms of all pages in the same way, so a few of them stand for the others.
        if (_read++ % 12 != 0)
            return;
        foreach (var type in ContentTypes)
        foreach (var body in Bodies.Take(8))
            await AskAsync("POST", Path(door, "unknown") + "?handler=Nothing", body, type);
        foreach (var method in new[] { "PUT", "DELETE", "OPTIONS" })
            await AskAsync(method, Path(door, "unknown"));
    }

    private static IEnumerable<string> NamesOf(ParameterDescriptor parameter)
    {
        var name = parameter.BindingInfo?.BinderModelName ?? parameter.Name;
        yield return name;
        yield return $"{name}[0]";
        yield return $"{name}[x]";
        if (parameter.ParameterType.Namespace?.StartsWith("StatusPage", StringComparison.Ordinal) != true)
            yield break;
        foreach (var property in parameter.ParameterType.GetProperties())
            yield return $"{name}.{property.Name}";
    }

    private async Task TryAsync(RouteEndpoint door, string method)
    {
        foreach (var value in Values)
            await AskAsync(
                method,
                $"{Path(door, value)}?"
                    + string.Join(
                        '&',
                        new[]
                        {
                            "q",
                            "page",
                            "limit",
                            "state",
                            "type",
                            "sort_field",
                            "label",
                            "color",
                            "style",
                            "lang",
                            "start",
                            "end",
                            "scheme",
                            "api_key",
                            "name",
                            "id",
                        }.Select(name => $"{name}={value}")
                    )
            );
        if (method is "GET" or "HEAD" or "DELETE")
            return;
        foreach (var (turn, type) in ContentTypes.Index())
        foreach (var (_, body) in Bodies.Index().Where(body => turn < 3 || (body.Index + turn) % 3 == 0))
            await AskAsync(method, Path(door, "abcdefghijkl"), body, type);
        foreach (var body in JsonOf(door.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType))
            await AskAsync(method, Path(door, "abcdefghijkl"), Encoding.UTF8.GetBytes(body), "application/json");
        await AskAsync(method, Path(door, "abcdefghijkl"), "{}"u8.ToArray(), "application/json", ("Idempotency-Key", "\uFFFE\u0001"));
    }

    /// <summary>The body that an endpoint takes, with each hostile value in all of its fields at once, and in one field after the other.</summary>
    private static IEnumerable<string> JsonOf(Type? taken)
    {
        foreach (var (turn, value) in Fields.Index())
        {
            yield return value;
            if (taken is null)
            {
                foreach (
                    var root in new[]
                    {
                        "incident",
                        "component",
                        "component_group",
                        "page",
                        "subscriber",
                        "data",
                        "template",
                        "metric",
                        "postmortem",
                        "action_item",
                    }
                )
                    yield return $"{{\"{root}\":{value}}}";
                yield return $"{{\"endpoint\":{value},\"keys\":{value},\"component_ids\":{value}}}";
                continue;
            }
            foreach (var root in taken.GetProperties())
            {
                yield return $"{{\"{Snake(root.Name)}\":{value}}}";
                var inner = root.PropertyType.GetProperties().Where(property => property.GetIndexParameters().Length == 0).ToList();
                yield return $"{{\"{Snake(root.Name)}\":{{{string.Join(',', inner.Select(property => $"\"{Snake(property.Name)}\":{value}"))}}}}}";
                // Each field gets every third value; above, all fields get every value.
                foreach (var (_, property) in inner.Index().Where(property => (property.Index + turn) % 3 == 0))
                    yield return $"{{\"{Snake(root.Name)}\":{{\"name\":\"x\",\"body\":\"x\",\"{Snake(property.Name)}\":{value}}}}}";
            }
        }
    }

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private string Path(RouteEndpoint door, string value)
    {
        var path =
            "/"
            + string.Join(
                '/',
                door.RoutePattern.PathSegments.Select(segment =>
                    string.Concat(
                        segment.Parts.Select(part =>
                            part switch
                            {
                                Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
                                Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
                                Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "page_id" } => _page,
                                // The server itself refuses this one.
                                _ => value == "%00" ? "unknown" : value,
                            }
                        )
                    )
                )
            );
        return path;
    }

    private async Task AskAsync(string method, string target, byte[]? body = null, string? type = null, params (string, string)[] more)
    {
        _asked++;
        List<(string, string)> headers =
        [
            ("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"))),
            ("Sec-Fetch-Site", "same-origin"),
            ("Origin", "http://127.0.0.1"),
            .. more,
        ];
        if (target.StartsWith("/v1", StringComparison.Ordinal))
            headers.Add(("Authorization", $"OAuth {_key}"));
        if (type is not null)
            headers.Add(("Content-Type", type));
        string outcome;
        try
        {
            var answer = await _app.SendDirectAsync(method, target, headers, body);
            outcome = $"{answer.Status}";
            Keep(answer);
        }
        catch (Exception exception)
        {
            outcome = exception.GetType().Name + " " + exception.Message;
        }
        if (outcome.Length == 3 && outcome is not "500")
            return;
        _failures.Add($"{outcome}: {method} {Cut(target)} {type} {(body is null ? "" : Cut(Encoding.UTF8.GetString(body)))}");

        static string Cut(string text) => text.Length <= 160 ? text : $"{text[..80]}…{text[^80..]}";
    }

    private async Task StaySignedInAsync()
    {
        var home = await _app.SendDirectAsync("GET", "/admin", [("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")))]);
        if (home.Status != 200)
            await SignInAsync();
    }

    private async Task SignInAsync()
    {
        _cookies.Clear();
        var form = await _app.SendDirectAsync("GET", "/admin/sign-in");
        Keep(form);
        var token = TokenIn(form.Text);
        var signedIn = await _app.SendDirectAsync(
            "POST",
            "/admin/sign-in",
            [
                ("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"))),
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Sec-Fetch-Site", "same-origin"),
            ],
            Encoding.UTF8.GetBytes(
                $"Email={Uri.EscapeDataString(Desk.Email)}&Password={Desk.Password}&__RequestVerificationToken={Uri.EscapeDataString(token)}"
            )
        );
        Assert.Equal(302, signedIn.Status);
        Keep(signedIn);
        var home = await _app.SendDirectAsync(
            "GET",
            "/admin/incidents/new",
            [("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")))]
        );
        Assert.Equal(200, home.Status);
        _token = TokenIn(home.Text);
    }

    private void Keep(DirectAnswer answer)
    {
        foreach (var line in answer.Headers.SetCookie)
        {
            var pair = line!.Split(';')[0].Split('=', 2);
            if (pair[1].Length > 0)
                _cookies[pair[0]] = pair[1];
        }
    }

    private static string TokenIn(string html) =>
        System.Net.WebUtility.HtmlDecode(
            System.Text.RegularExpressions.Regex.Match(html, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value
        );
}
