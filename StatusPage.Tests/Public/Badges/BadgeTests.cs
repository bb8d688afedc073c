using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using StatusPage.Tests.Host;
using StatusPage.Web.Public.Badges;

namespace StatusPage.Tests.Public.Badges;

/// <summary>Badges as shields.io draws them, and as readmes ask for them.</summary>
public sealed class BadgeTests : IAsyncLifetime
{
    private AppHost _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync();
        await _app.ComponentAsync("API");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static XElement Svg(byte[] bytes) => XDocument.Parse(Encoding.UTF8.GetString(bytes)).Root!;

    private static int Whole(XElement element, string name) => int.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    /// <summary>The numbers come from img.shields.io/badge/build-passing-brightgreen and similar badges.</summary>
    [Theory]
    [InlineData("build", "passing", 88, 37, 51, 195, 270, 615, 410)]
    [InlineData("license", "MIT", 78, 47, 31, 245, 370, 615, 210)]
    public void It_has_the_measures_of_shields_io(
        string label,
        string message,
        int width,
        int left,
        int right,
        int labelAt,
        int labelWidth,
        int messageAt,
        int messageWidth
    )
    {
        var svg = Svg(new Badge(label, message, "brightgreen").Draw());
        Assert.Equal((width, 20), (Whole(svg, "width"), Whole(svg, "height")));
        var rects = svg.Descendants().Where(element => element.Name.LocalName == "rect" && element.Attribute("fill")?.Value is "#555" or "#4b0").ToList();
        Assert.Equal([left, right], rects.Select(rect => Whole(rect, "width")));
        var words = svg.Descendants().Where(element => element.Name.LocalName == "text" && element.Parent!.Attribute("aria-hidden") is null).ToList();
        Assert.Equal([(labelAt, labelWidth), (messageAt, messageWidth)], words.Select(text => (Whole(text, "x"), Whole(text, "textLength"))));
        Assert.Equal("img", svg.Attribute("role")!.Value);
        Assert.Equal($"{label}: {message}", svg.Descendants().First(element => element.Name.LocalName == "title").Value);
    }

    [Theory]
    [InlineData("flat", 20)]
    [InlineData("flat-square", 20)]
    [InlineData("plastic", 18)]
    [InlineData("for-the-badge", 28)]
    [InlineData("no-such-style", 20)]
    public async Task Each_style_has_its_height(string style, int height)
    {
        var svg = Svg(await _app.Http.GetByteArrayAsync($"/badges/api.svg?style={style}"));
        Assert.Equal(height, Whole(svg, "height"));
        Assert.Equal(style == "for-the-badge" ? "API: operational" : "API: operational", svg.Attribute("aria-label")!.Value);
    }

    [Fact]
    public async Task Wishes_are_granted_as_far_as_they_mean_something()
    {
        var text = await _app.Http.GetStringAsync("/badges/api.svg?label=%3Cb%3E%22API%22%26&color=ff8800&labelColor=navy&lang=de");
        Assert.Contains("fill=\"#ff8800\"", text, StringComparison.Ordinal);
        Assert.Contains("fill=\"#000080\"", text, StringComparison.Ordinal);
        Assert.Equal("<b>\"API\"&: betriebsbereit", XDocument.Parse(text).Root!.Attribute("aria-label")!.Value);
        var plain = await _app.Http.GetStringAsync("/badges/api.svg?color=%22/%3E%3Cscript%3E&style=%3Cx%3E&lang=xx&label=");
        Assert.DoesNotContain("script", plain, StringComparison.Ordinal);
        Assert.Contains("#4b0", plain, StringComparison.Ordinal);
        Assert.InRange((await _app.Http.GetStringAsync("/badges/api.svg?label=" + new string('x', 5000))).Length, 1, 3000);
    }

    [Fact]
    public async Task A_badge_can_be_kept_and_asked_for_again()
    {
        using var first = await _app.Http.GetAsync("/badges/api.svg?style=plastic");
        Assert.Equal("*", first.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("max-age=60", first.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/badges/api.svg?style=plastic");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await _app.Http.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("/badges/nothing.svg")]
    [InlineData("/badges/nothing.svg?style=for-the-badge")]
    [InlineData("/badges/nothing/uptime.svg")]
    [InlineData("/badges/overall/uptime.svg")]
    public async Task What_is_not_there_is_404_and_still_drawn(string path)
    {
        using var answer = await _app.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("image/svg+xml", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("status: not found", Svg(await answer.Content.ReadAsByteArrayAsync()).Attribute("aria-label")!.Value);
    }

    [Fact]
    public async Task Shields_io_can_read_it_from_an_endpoint()
    {
        using var json = JsonDocument.Parse(await _app.Http.GetStringAsync("/badges/api.json"));
        Assert.Equal(
            (1, "API", "operational", "brightgreen"),
            (
                json.RootElement.GetProperty("schemaVersion").GetInt32(),
                json.RootElement.GetProperty("label").GetString(),
                json.RootElement.GetProperty("message").GetString(),
                json.RootElement.GetProperty("color").GetString()
            )
        );
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Http.GetAsync("/badges/nothing.json")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _app.Http.GetAsync("/badges/overall.json")).StatusCode);
        // The component was made just now.
        Assert.Contains("uptime: since 20", await _app.Http.GetStringAsync("/badges/api/uptime.svg"), StringComparison.Ordinal);
    }
}
