using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Audit;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Data.Demo;

/// <summary>Believable sample data.</summary>
public sealed class DemoData(StatusDb db, TimeProvider time)
{
    private readonly DateTimeOffset _now = time.GetUtcNow();

    /// <summary>Fills an empty page; a page with components is left as it is.</summary>
    public async Task FillAsync(DemoSize size, CancellationToken cancel)
    {
        if (size == DemoSize.Empty)
            return;
        var page = await db.Pages.OrderBy(row => row.CreatedAt).FirstAsync(cancel);
        if (await db.Components.AnyAsync(row => row.PageId == page.Id, cancel))
            return;
        page.Configure(
            page.Name == Settings.DefaultPageName ? "Acme" : page.Name,
            Zones.Checked(page.TimeZone == "Etc/UTC" ? "America/Los_Angeles" : page.TimeZone),
            showsSeverity: true,
            _now
        );
        // What the steps lead to is there already.
        page.PutStepsAway(true, _now);
        page.Promise(page.PromiseRule, isShown: true, _now);
        DemoScript script = size == DemoSize.Large ? new LargeDemo(db, page, _now) : new SmallDemo(db, page, _now);
        script.Write();
        db.Audit.Add(new AuditEntry(page.Id, "first start", "demo.filled", page.Name, _now));
        await db.SaveChangesAsync(cancel);
        await db
            .Pages.Where(row => row.Id == page.Id)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(row => row.Version, row => row.Version + 1)
                        .SetProperty(row => row.ChangedAt, _now.AddMinutes(-12))
                        .SetProperty(row => row.CreatedAt, _now.AddDays(-140)),
                cancel
            );
    }
}
