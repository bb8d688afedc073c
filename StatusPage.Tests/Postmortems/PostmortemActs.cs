using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Postmortems;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Postmortems;

/// <summary>What people do with a postmortem at the desk.</summary>
internal static class PostmortemActs
{
    public static string PathOf(IncidentId id) => $"/admin/incidents/{id}/postmortem";

    /// <summary>An incident that is over, told by the API as in the guide's example.</summary>
    public static async Task<IncidentId> OverAsync(this ApiClient api, string name = "Elevated error rates", string? component = null)
    {
        var id = (
            await api.OpenIncidentAsync(
                new
                {
                    name,
                    body = "We are investigating elevated error rates on our API.",
                    impact_summary = "~15% of requests failing",
                    severity = "SEV2",
                    components = component is null ? null : new Dictionary<string, string> { [component] = "partial_outage" },
                }
            )
        ).Id;
        await api.PatchAsync($"incidents/{id}", new { incident = new { status = "identified", body = "A bad index." } });
        await api.PatchAsync($"incidents/{id}", new { incident = new { status = "resolved", body = "Requests succeed again." } });
        return IncidentId.Of(id);
    }

    public static Task<IHtmlDocument> BeginPostmortemAsync(this BrowserSession browser, IncidentId id) =>
        browser.FillInAsync(PathOf(id), new { }, "form[action*=Begin]");

    /// <summary>Writes one section and leaves the others as they are.</summary>
    public static async Task<IHtmlDocument> WritePostmortemAsync(this BrowserSession browser, IncidentId id, string heading, string body)
    {
        var page = await browser.GetAsync(PathOf(id));
        return await browser.SubmitAsync(page.Form("Save"), new Dictionary<string, object?> { [page.FieldOf(heading)] = body });
    }

    /// <summary>The name of the field for a section's text.</summary>
    public static string FieldOf(this IHtmlDocument page, string heading) =>
        page.QuerySelectorAll<IHtmlInputElement>("input[name$='.Heading']")
            .Single(input => input.Value == heading)
            .Name!.Replace(".Heading", ".Body", StringComparison.Ordinal);

    public static string TextOf(this IHtmlDocument page, string heading) =>
        page.QuerySelectorAll<IHtmlTextAreaElement>("textarea").Single(area => area.Name == page.FieldOf(heading)).Value;

    /// <summary>Ticks the blocks that hold one of the words, all without any, and publishes them.</summary>
    public static async Task<IHtmlDocument> PublishPostmortemAsync(this BrowserSession browser, IncidentId id, bool tells = false, params string[] words)
    {
        var page = await browser.GetAsync($"{PathOf(id)}/public");
        var form = page.Form("Choose");
        var chosen = form.QuerySelectorAll<IHtmlInputElement>("input[name=Chosen]")
            .Where(box => words.Length == 0 || words.Any(word => box.ParentElement!.TextContent.Contains(word, StringComparison.Ordinal)))
            .Select(box => box.Value)
            .ToList();
        form.SetAttribute("action", form.QuerySelector("button[formaction]")!.GetAttribute("formaction")!);
        var values = new Dictionary<string, object?> { ["Chosen"] = chosen };
        if (tells)
            values["Tells"] = "true";
        return await browser.SubmitAsync(form, values);
    }

    public static Task<Postmortem> PostmortemAsync(this AppHost app, IncidentId id) =>
        app.InStoreAsync(db => db.Postmortems.AsNoTracking().SingleAsync(row => row.IncidentId == id));

    public static Task<Incident> IncidentAsync(this AppHost app, IncidentId id) =>
        app.InStoreAsync(db => db.Incidents.AsNoTracking().SingleAsync(row => row.Id == id));

    public static async Task<ActionItem> ItemAsync(
        this AppHost app,
        IncidentId id,
        string title,
        string? owner = null,
        DateOnly? due = null,
        string? finding = null
    )
    {
        var incident = await app.IncidentAsync(id);
        var item = ActionItem.Create(incident, DateTimeOffset.UtcNow).Write(title, owner, due, ActionItemPriority.Normal, finding, DateTimeOffset.UtcNow);
        await app.InStoreAsync(db =>
        {
            db.ActionItems.Add(item);
            return db.SaveChangesAsync();
        });
        return item;
    }
}
