using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Tests.Alerts;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Handovers;

/// <summary>Handovers at the desk, on both stores.</summary>
public abstract class HandoverDeskTests : DeskTests
{
    [Fact]
    public async Task A_note_begins_with_what_is_open_promised_and_waiting_on_this_page()
    {
        var page = await App.PageAsync();
        var rows = await PageRows.OfAsync(App, page);
        var other = await PageRows.OfAsync(App, await App.AddPageAsync("Beside", "beside"));
        await Owner.FillInAsync(
            "/admin/incidents/new",
            new Dictionary<string, object?>(Desk.Example()) { ["Title"] = "[API](https://evil.example) *down*" },
            "form[data-compose]"
        );
        var caller = await App.AlertSourceAsync();
        await caller.FireAsync(title: "Disk full");
        var text = (await Owner.GetAsync("/admin/handover")).QuerySelector("textarea")!.TextContent;
        Assert.Contains("- [\\[API\\](https\\://evil.example) \\*down\\*](http://", text, StringComparison.Ordinal);
        Assert.Contains(": SEV2, investigating, the next update is promised by", text, StringComparison.Ordinal);
        Assert.Contains($"- [Incident {rows.Mark}](", text, StringComparison.Ordinal);
        Assert.Contains("- [Disk full](", text, StringComparison.Ordinal);
        Assert.Contains("taken by nobody", text, StringComparison.Ordinal);
        Assert.Contains($"- [Draft {rows.Mark}](", text, StringComparison.Ordinal);
        // The draft of the alert is no second line.
        Assert.Single(text.Split("Disk full")[1..]);
        // It begins ten minutes before a day has passed.
        Assert.Contains($"- [Maintenance {rows.Mark}](", text, StringComparison.Ordinal);
        Assert.DoesNotContain($"Over {rows.Mark}", text, StringComparison.Ordinal);
        Assert.DoesNotContain(other.Mark, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_person_acknowledges_what_they_have_read_and_it_stays()
    {
        await App.AccountAsync("rita@acme.example", Role.Responder);
        await App.AccountAsync("adam@acme.example", Role.Auditor);
        await Owner.FillInAsync("/admin/handover", new { Body = "All is quiet. <script>x</script>" }, "form:has(textarea)");
        var path = Owner.Location.AbsolutePath;
        Assert.Matches("^/admin/handover/[a-z0-9]{12}$", path);
        Assert.Null((await Owner.GetAsync(path)).QuerySelector("form[action*=Acknowledge]"));
        using var rita = await App.SignInAsync("rita@acme.example");
        Assert.Contains("nobody has acknowledged it yet", (await rita.GetAsync("/admin")).Body!.TextContent, StringComparison.Ordinal);
        var read = (await rita.GetAsync(path)).QuerySelector<IHtmlFormElement>("form[action*=Acknowledge]")!;
        Assert.Empty((await rita.GetAsync(path)).QuerySelectorAll("article script"));
        await Owner.FillInAsync(path, new { Body = "All is quiet but the disk." }, "form:has(textarea)");
        var page = await rita.SubmitAsync(read, new { });
        Assert.Contains("changed this note meanwhile", page.Summary(), StringComparison.Ordinal);
        await rita.FillInAsync(path, new { }, "form[action*=Acknowledge]");
        page = await rita.GetAsync(path);
        Assert.Contains("by rita@acme.example", page.QuerySelector("p.muted")!.TextContent, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("textarea"));
        Assert.DoesNotContain("nobody has acknowledged", (await rita.GetAsync("/admin")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("rita@acme.example", (await Owner.GetAsync("/admin/handover")).QuerySelector("tbody")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(
            ["handover.written", "handover.edited", "handover.acknowledged"],
            await App.InStoreAsync(db =>
                db.Audit.Where(row => row.Action.StartsWith("handover.")).OrderBy(row => row.Id).Select(row => row.Action).ToListAsync()
            )
        );
        using var adam = await App.SignInAsync("adam@acme.example");
        Assert.Null((await adam.GetAsync("/admin/handover")).QuerySelector("textarea"));
        var elsewhere = await App.AddPageAsync("Beside", "beside");
        await App.AccountAsync("eve@acme.example", Role.Owner, elsewhere.Id);
        using var eve = App.NewBrowser();
        await eve.FillInAsync("/beside/admin/sign-in", new { Email = "eve@acme.example", Desk.Password });
        await eve.GetAsync($"/beside{path}");
        Assert.Equal(HttpStatusCode.NotFound, eve.Status);
    }
}

public sealed class SqliteHandoverDeskTests : HandoverDeskTests
{
    protected override Task<string[]> StoreAsync() => Task.FromResult<string[]>([]);
}

public sealed class PostgresHandoverDeskTests(PostgresServer postgres) : HandoverDeskTests
{
    protected override async Task<string[]> StoreAsync() => ["--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()];
}
