using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Incidents;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Incidents;

/// <summary>A correction is seen before it is made, and each audience sees those of its own words.</summary>
public sealed class CorrectionTests
{
    private static readonly AudienceId Support = AudienceId.Of("audience0001");
    private static readonly AudienceId Board = AudienceId.Of("audience0002");
    private static readonly DateTimeOffset Later = An.Instant.AddMinutes(5);

    private readonly Incident _incident = An.Incident(
        draft: An.Update() with
        {
            AudienceIds = [Support, Board],
            Wordings = [new(Support, "Tell callers to wait.", null, null)],
        }
    );

    [Fact]
    public void Words_for_one_group_are_corrected_with_a_trace_for_that_group_alone()
    {
        var update = _incident.Correct(
            _incident.Latest.Id,
            _incident.Latest.Body,
            _incident.Latest.ImpactSummary,
            _incident.Latest.TeamStatus,
            [new(Support, "Tell callers to try again.", null, null)],
            Later
        );
        Assert.Null(update.CorrectedAt);
        Assert.Null(update.For(Board).CorrectedAt);
        var read = update.For(Support);
        Assert.Equal(("Tell callers to try again.", "Tell callers to wait."), (read.Body, Assert.Single(read.Revisions).Body));
        Assert.Equal([(AudienceId?)Support], Announcement.OfCorrection(_incident, update, Later).Select(one => one.AudienceId));
    }

    [Fact]
    public void A_group_that_gets_words_of_its_own_sees_what_it_read_before()
    {
        var before = _incident.Latest.Body;
        var update = _incident.Correct(
            _incident.Latest.Id,
            "We look at it.",
            null,
            null,
            [.. _incident.Latest.Wordings, new(Board, "It costs nothing.", null, null)],
            Later
        );
        Assert.Equal(before, Assert.Single(update.Revisions).Body);
        Assert.Equal(before, Assert.Single(update.For(Board).Revisions).Body);
        Assert.Null(update.For(Support).CorrectedAt);
        Assert.DoesNotContain(Support, Announcement.OfCorrection(_incident, update, Later).Select(one => one.AudienceId).OfType<AudienceId>());
    }

    [Fact]
    public async Task What_readers_will_see_is_shown_before_anything_is_saved()
    {
        await using var roads = await Roads.BuildAsync();
        Assert.Null(await roads.OpenAsync(Road.Desk, "We lost all your data."));
        var incident = await roads.IncidentAsync();
        var path = $"/admin/incidents/{incident.Id}/updates/{incident.Latest.Id}";
        var form = (await roads.Owner.GetAsync(path)).QuerySelector<IHtmlFormElement>("form[data-look]")!;
        form.SetAttribute("action", form.QuerySelector("button[formaction*=Look]")!.GetAttribute("formaction")!);
        var shown = await roads.Owner.SubmitAsync(form, new { Body = "We lost **no** data." });
        var seen = shown.QuerySelector("[data-looked]")!;
        Assert.Contains("Corrected", seen.QuerySelector("summary")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("We lost all your data.", seen.QuerySelector("blockquote")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("We lost **no** data.", shown.QuerySelector<IHtmlTextAreaElement>("#Body")!.Value);
        Assert.Equal(incident.Version, (await roads.IncidentAsync()).Version);
        form = shown.QuerySelector<IHtmlFormElement>("form[data-look]")!;
        await roads.Owner.SubmitAsync(form, new { });
        Assert.Equal("We lost **no** data.", (await roads.IncidentAsync()).Latest.Body);
    }

    [Fact]
    public async Task An_incident_that_is_over_begins_with_what_is_learned_and_its_composer_is_folded()
    {
        await using var roads = await Roads.BuildAsync();
        Assert.Null(await roads.OpenAsync(Road.Desk, "We look."));
        var id = (await roads.IncidentAsync()).Id;
        Assert.Null(await roads.UpdateAsync(Road.V1, id, "Over.", Phase.Resolved));
        var page = await roads.Owner.GetAsync($"/admin/incidents/{id}");
        var (learned, composer) = (page.QuerySelector(".learned")!, page.QuerySelector("details.reopen")!);
        Assert.True(learned.CompareDocumentPosition(composer).HasFlag(DocumentPositions.Following));
        Assert.False(composer.HasAttribute("open"));
        Assert.Contains("Begin the postmortem", learned.QuerySelector("a.button")!.TextContent, StringComparison.Ordinal);
    }
}
