using System.Net;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Tests.Host;
using StatusPage.Web.Shared;

namespace StatusPage.Tests.Records;

/// <summary>The record of an incident at the desk, on both stores.</summary>
public abstract class RecordDeskTests : DeskTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.AddDays(-1).ToUnixTimeSeconds() / 60 * 60);

    private const string Form = "form:has([name='Times.Began'])";

    /// <summary>Alerted at once, taken after 4 minutes, told of after 10, identified after 20, mended after 30, resolved after 40.</summary>
    private async Task<Incident> IncidentAsync(PageId? at = null, string title = "API errors")
    {
        var page = at ?? (await App.PageAsync()).Id;
        var incident = Incident.Open(page, title, Severity.Sev2, null, An.Update(notifies: false), ComponentStates.Of(), "ann", Start.AddMinutes(10));
        foreach (var (phase, minutes) in new[] { (Phase.Identified, 20), (Phase.Monitoring, 30), (Phase.Resolved, 40) })
            incident.Post(An.Update(phase, notifies: false), ComponentStates.Of(), "ann", Start.AddMinutes(minutes));
        var found = AlertCase.Begin(page, title, Severity.Sev2, null, [], Start, Start);
        found.Take("ann", Start.AddMinutes(4));
        found.Published(incident.Id, Start.AddMinutes(10));
        await App.InStoreAsync(db =>
        {
            db.AddRange(incident, found);
            return db.SaveChangesAsync();
        });
        return incident;
    }

    private static string Facts(IParentNode page) => page.QuerySelector("dl.facts")!.TextContent.ReplaceLineEndings(" ");

    [Fact]
    public async Task A_record_is_corrected_by_hand_with_a_trace_and_back()
    {
        var incident = await IncidentAsync();
        var path = $"/admin/incidents/{incident.Id}/record";
        var clock = ZoneClock.For((await App.PageAsync()).TimeZone, Start);
        Assert.Contains("4 min", Facts(await Owner.GetAsync(path)), StringComparison.Ordinal);
        // Seconds that a field does not show are no correction.
        await Owner.FillInAsync(path, new { }, Form);
        Assert.Empty(await App.InStoreAsync(db => db.MomentCorrections.ToListAsync()));

        await Owner.FillInAsync(
            path,
            new Dictionary<string, object?>
            {
                ["Times.Began"] = clock.Field(Start.AddMinutes(-30)),
                ["Times.FixDeployed"] = clock.Field(Start.AddMinutes(28)),
            },
            Form
        );
        var page = await Owner.GetAsync($"/admin/incidents/{incident.Id}");
        Assert.Equal(
            "The record was corrected: Began: "
                + $"{clock.DateAndTime(Start.AddMinutes(-30))} (was {clock.DateAndTime(Start)}) Fix deployed: "
                + $"{clock.DateAndTime(Start.AddMinutes(28))} (was {clock.DateAndTime(Start.AddMinutes(30))})",
            Words(page.QuerySelector(".notes li")!, "p:not(.muted), li")
        );
        Assert.Contains("1 h 10 min", Facts(page.QuerySelector("section:has(#record)")!), StringComparison.Ordinal);
        Assert.Equal(1, await App.InStoreAsync(db => db.Audit.CountAsync(row => row.Action == "record.corrected")));
        // The page keeps what it told.
        Assert.Equal(Start.AddMinutes(10), await App.InStoreAsync(db => db.Incidents.Select(row => row.StartedAt).SingleAsync()));

        await Owner.FillInAsync(path, new Dictionary<string, object?> { ["Times.Began"] = "" }, Form);
        Assert.Contains("4 min", Facts(await Owner.GetAsync(path)), StringComparison.Ordinal);
        Assert.Single(await App.InStoreAsync(db => db.MomentCorrections.ToListAsync()));

        page = await Owner.FillInAsync(path, new Dictionary<string, object?> { ["Times.Alerted"] = "yesterday" }, Form);
        Assert.Equal("Enter a day and a time.", page.ErrorFor("Times.Alerted"));
        page = await Owner.FillInAsync(path, new Dictionary<string, object?> { ["Times.Identified"] = clock.Field(Start.AddHours(3)) }, Form);
        Assert.Contains("cannot come after it was resolved", page.ErrorFor("Times.Identified"), StringComparison.Ordinal);
    }

    /// <summary>A form that was opened before somebody else's correction does not take it back.</summary>
    [Fact]
    public async Task A_field_that_was_not_touched_corrects_nothing()
    {
        var incident = await IncidentAsync();
        var path = $"/admin/incidents/{incident.Id}/record";
        var clock = ZoneClock.For((await App.PageAsync()).TimeZone, Start);
        var early = (AngleSharp.Html.Dom.IHtmlFormElement)(await Owner.GetAsync(path)).QuerySelector(Form)!;
        await Owner.FillInAsync(path, new Dictionary<string, object?> { ["Times.Alerted"] = clock.Field(Start.AddMinutes(2)) }, Form);
        await Owner.GetAsync(path);
        await Owner.SubmitAsync(early, new Dictionary<string, object?> { ["Times.Acknowledged"] = clock.Field(Start.AddMinutes(6)) });
        Assert.Equal(
            [Start.AddMinutes(2), Start.AddMinutes(6)],
            await App.InStoreAsync(db => db.MomentCorrections.OrderBy(row => row.Moment).Select(row => row.At).ToListAsync())
        );
    }

    [Fact]
    public async Task The_statistics_are_of_this_page_alone_and_come_as_a_file()
    {
        await IncidentAsync(title: "=1+1");
        var elsewhere = await App.AddPageAsync("Beside", "beside");
        var other = await IncidentAsync(elsewhere.Id, "Not ours");
        var page = await Owner.GetAsync("/admin/record");
        Assert.Equal("1", page.QuerySelector("table tbody td.num")!.TextContent);
        Assert.Equal(5, page.QuerySelectorAll("figure svg[role=img]").Length);
        Assert.DoesNotContain("Not ours", page.Source.Text, StringComparison.Ordinal);
        var csv = (await Owner.GetAsync("/admin/record?handler=Export")).Body!.TextContent.Trim().Split('\n');
        Assert.Equal(2, csv.Length);
        Assert.Contains(",\"'=1+1\",SEV2,", csv[1], StringComparison.Ordinal);
        Assert.EndsWith(",0,4,10,40,yes,yes", csv[1].TrimEnd(), StringComparison.Ordinal);
        foreach (var foreign in new[] { other.Id.Value, "nonsense", "aaaaaaaaaaaa" })
        {
            await Owner.GetAsync($"/admin/incidents/{foreign}/record");
            Assert.Equal(HttpStatusCode.NotFound, Owner.Status);
        }
    }

    [Fact]
    public async Task An_auditor_reads_and_corrects_nothing()
    {
        var incident = await IncidentAsync();
        await App.AccountAsync("adam@acme.example", Role.Auditor);
        using var adam = await App.SignInAsync("adam@acme.example");
        var page = await adam.GetAsync($"/admin/incidents/{incident.Id}/record");
        Assert.Contains("4 min", Facts(page), StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("input[type=datetime-local]"));
    }

    private static string Words(IParentNode where, string selector) =>
        string.Join(' ', where.QuerySelectorAll(selector).Select(part => part.TextContent.Trim()));
}

public sealed class SqliteRecordDeskTests : RecordDeskTests
{
    protected override Task<string[]> StoreAsync() => Task.FromResult<string[]>([]);
}

public sealed class PostgresRecordDeskTests(PostgresServer postgres) : RecordDeskTests
{
    protected override async Task<string[]> StoreAsync() => ["--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()];
}
