using StatusPage.Domain;
using StatusPage.Domain.Destinations;
using StatusPage.Domain.Postmortems;

namespace StatusPage.Tests.Destinations;

/// <summary>The rules of destinations that need nobody else.</summary>
public sealed class RuleTests
{
    [Theory]
    // The issue was closed there, and nothing changed here.
    [InlineData("open", "closed:completed", ActionItemState.Open, ActionItemState.Done, false)]
    [InlineData("open", "closed:not_planned", ActionItemState.Open, ActionItemState.Dropped, false)]
    [InlineData("open", "closed:duplicate", ActionItemState.Open, ActionItemState.Dropped, false)]
    [InlineData(null, "closed:completed", ActionItemState.Open, ActionItemState.Done, false)]
    [InlineData("closed:completed", "open", ActionItemState.Done, ActionItemState.Open, false)]
    // Only ours changed, or nothing.
    [InlineData("open", "open", ActionItemState.Done, null, false)]
    [InlineData("closed:completed", "closed:completed", ActionItemState.Open, null, false)]
    [InlineData("closed:not_planned", "closed:duplicate", ActionItemState.Open, null, false)]
    // Both changed, to the same, and to something else.
    [InlineData("open", "closed:completed", ActionItemState.Done, null, false)]
    [InlineData("open", "closed:completed", ActionItemState.Dropped, null, true)]
    [InlineData("closed:completed", "open", ActionItemState.Dropped, null, true)]
    public void The_last_known_state_of_the_issue_decides(string? known, string now, ActionItemState ours, ActionItemState? becomes, bool isTrouble)
    {
        var reading = ItemStateRule.Read(known, now, ours, "at GitHub");
        Assert.Equal((becomes, isTrouble), (reading.MoveTo, reading.Trouble is not null));
    }

    [Fact]
    public void A_marker_is_not_found_in_one_that_begins_like_it()
    {
        var reference = DestinationRef.Of(IncidentId.Of("z3lct0r596n4"));
        Assert.Equal("statuspage-ref: pm-z3lct0r596n4", reference.Marker);
        Assert.True(reference.IsIn($"<p>{reference.Marker}</p>"));
        Assert.True(reference.IsIn(reference.Marker));
        Assert.False(reference.IsIn(reference.Marker + "5"));
        Assert.True(reference.IsIn(reference.Marker + "5 " + reference.Marker));
    }

    [Fact]
    public void Words_stay_when_a_system_writes_a_body_anew()
    {
        var words = BodyPrint.OfWords("<p>15 % of requests failed &amp; retries.</p>");
        Assert.Equal(words, BodyPrint.OfWords("<p local-id=\"a\">15 %  of requests\n failed &#38; retries.</p >"));
        Assert.NotEqual(words, BodyPrint.OfWords("<p>16 % of requests failed &amp; retries.</p>"));
        // A mark that opens nothing is no tag, however many there are.
        Assert.NotEqual(BodyPrint.OfWords("a < b"), BodyPrint.OfWords("a < c"));
        BodyPrint.OfWords(new string('<', 200_000) + string.Concat(Enumerable.Repeat("<a&", 200_000)));
    }

    [Theory]
    [InlineData("confluence", "https://acme.atlassian.net/wiki/", "email=a@b.test,token=t,space=OPS", null)]
    [InlineData("confluence", "https://acme.atlassian.net", "email=a@b.test,token=t", "space")]
    [InlineData("confluence", "ftp://acme.atlassian.net", "email=a@b.test,token=t,space=OPS", "BaseUrl")]
    [InlineData("confluence", "https://user:pass@acme.test", "email=a@b.test,token=t,space=OPS", "BaseUrl")]
    [InlineData("confluence-dc", "https://wiki.acme.test/ctx", "token=t,space=OPS,parent=../x", "parent")]
    [InlineData("github", null, "repository=acme/api,token=t", null)]
    [InlineData("github", null, "repository=acme/api/../x,token=t", "repository")]
    [InlineData("github", null, "repository=acme/..,token=t", "repository")]
    [InlineData("notion", null, "token=t,parent=https://notion.so/x", "parent")]
    [InlineData("webhook", "https://acme.test/in?x=1", "", null)]
    [InlineData("webhook", "https://acme.test/in", "secret=whsec_abc", "secret")]
    [InlineData("webhook", "https://acme.test/in", "types=postmortem.gone", "types")]
    public void Settings_are_checked(string kind, string? url, string values, string? field)
    {
        var given = values
            .Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => (string?)pair[1]);
        var none = new Dictionary<string, string>();
        if (field is null)
            Assert.DoesNotContain("/wiki", CheckedSettings.Of(DestinationKinds.Parse(kind)!.Value, url, given, none).BaseUrl, StringComparison.Ordinal);
        else
            Assert.Equal(field, Assert.Throws<RuleViolation>(() => CheckedSettings.Of(DestinationKinds.Parse(kind)!.Value, url, given, none)).Field);
    }
}
