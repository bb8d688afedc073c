using System.ServiceModel.Syndication;
using System.Xml;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Public.Feeds;

/// <summary>How feeds, badges and validators change when something is posted.</summary>
public sealed class FeedChangeTests : IAsyncLifetime
{
    private AppHost _app = null!;
    private ApiClient _api = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync();
        _api = await _app.ApiAsync();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task<SyndicationItem> EntryAsync() =>
        Eventually.GetAsync(
            "the feed has one entry",
            async () =>
            {
                using var reader = XmlReader.Create(new MemoryStream(await _app.Http.GetByteArrayAsync("/history.atom")));
                return SyndicationFeed.Load(reader).Items.ToList() is [var only] ? only : null;
            }
        );

    [Fact]
    public async Task An_entry_is_revised_in_place()
    {
        var id = (await _api.OpenIncidentAsync()).Id;
        var before = await EntryAsync();
        await _api.PatchAsync($"incidents/{id}", new { incident = new { status = "resolved", body = "All is well." } });
        var after = await EntryAsync();
        Assert.Equal((before.Id, before.PublishDate), (after.Id, after.PublishDate));
        Assert.True(after.LastUpdatedTime >= before.LastUpdatedTime);
        var content = ((TextSyndicationContent)after.Content).Text;
        Assert.True(content.IndexOf("All is well.", StringComparison.Ordinal) < content.IndexOf("We are investigating.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bytes_and_tags_stay_until_something_changes()
    {
        await _api.OpenIncidentAsync();
        var first = await _app.Http.GetAsync("/history.atom");
        Assert.Equal(first.Headers.ETag, (await _app.Http.GetAsync("/history.atom")).Headers.ETag);
        await _api.OpenIncidentAsync(new { name = "Another", body = "x" });
        Assert.NotEqual(first.Headers.ETag, (await _app.Http.GetAsync("/history.atom")).Headers.ETag);
    }

    [Theory]
    [InlineData("degraded_performance", "degraded performance")]
    [InlineData("partial_outage", "partial outage")]
    [InlineData("major_outage", "major outage")]
    [InlineData("under_maintenance", "under maintenance")]
    public async Task A_badge_follows_the_state(string code, string words)
    {
        var component = await _app.ComponentAsync();
        Assert.Contains("operational", await _app.Http.GetStringAsync("/badges/api.svg"));
        await _api.PatchAsync($"components/{component.Id}", new { component = new { status = code } });
        Assert.Contains(words, await _app.Http.GetStringAsync("/badges/api.svg"));
        Assert.Contains(words, await _app.Http.GetStringAsync("/badges/overall.svg"));
    }

    [Fact]
    public async Task What_is_typed_is_text_everywhere()
    {
        var component = await _app.ComponentAsync("<b>\"API\"</b> & 'more'");
        await _api.OpenIncidentAsync(
            new
            {
                name = "<script>alert(1)</script> & \"quotes\"",
                body = "<script>alert(2)</script> & more",
                impact_summary = "<img src=x onerror=alert(3)>",
                team_status = "a < b & c",
                components = new Dictionary<string, string> { [component.Id.Value] = "major_outage" },
            }
        );
        foreach (var path in new[] { "/", "/history", $"/components/{component.Slug}" })
        {
            var page = await _app.Http.GetStringAsync(path);
            Assert.DoesNotContain("<script>alert", page);
            Assert.DoesNotContain("<img", page);
            Assert.DoesNotContain("<b>\"API\"", page);
        }
        var content = ((TextSyndicationContent)(await EntryAsync()).Content).Text;
        Assert.DoesNotContain("<script>", content);
        Assert.DoesNotContain("<img", content);
        System.Xml.Linq.XDocument.Parse(await _app.Http.GetStringAsync($"/badges/{component.Slug}.svg"));
    }
}
