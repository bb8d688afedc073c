using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Pages;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.StatusApi;

/// <summary><c>/v1/pages</c>: the page that the key is for; and what belongs to it as a whole: groups and templates.</summary>
public static class PageEndpoints
{
    public static void MapPage(this RouteGroupBuilder v1)
    {
        v1.MapGet("", (ManageRequest request, PublicAddress address) => PageAsync(request, address, bare: true));
        v1.MapGet("/component-groups", (ManageRequest request) => GroupsAsync(request, null));
        v1.MapGet("/component-groups/{id}", (string id, ManageRequest request) => GroupsAsync(request, id));
        v1.MapGet("/incident_templates", TemplatesAsync);
    }

    public static async Task<IResult> PageAsync(ManageRequest request, PublicAddress address, bool bare)
    {
        var page = await request.PageAsync();
        return ManageApi.Json(StatusCodes.Status200OK, json =>
        {
            if (!bare) json.WriteStartArray();
            json.WriteStartObject();
            json.WriteString("id", page.Id.Value);
            json.WriteString("name", page.Name);
            json.WriteString("url", address.Root);
            json.WriteString("subdomain", page.Slug);
            json.WriteString("domain", page.HostName);
            json.WriteString("time_zone", page.TimeZone);
            json.WriteString("page_description", (string?)null);
            json.WriteBoolean("allow_email_subscribers", page.TakesSubscribers);
            json.WriteBoolean("allow_rss_atom_feeds", true);
            json.WriteBoolean("allow_incident_subscribers", page.TakesSubscribers);
            json.WriteBoolean("allow_webhook_subscribers", page.TakesSubscribers);
            json.WriteInstant("created_at", page.CreatedAt);
            json.WriteInstant("updated_at", page.UpdatedAt);
            json.WriteEndObject();
            if (!bare) json.WriteEndArray();
        });
    }

    private static async Task<IResult> GroupsAsync(ManageRequest request, string? id)
    {
        var page = await request.PageAsync();
        var db = request.Desk.Db;
        var groups = await db.ComponentGroups.AsNoTracking().Where(row => row.PageId == page.Id).OrderBy(row => row.Position).ToListAsync(request.Cancel);
        var members = await db.Components.AsNoTracking().Where(row => row.PageId == page.Id && row.ArchivedAt == null && row.GroupId != null).OrderBy(row => row.Position)
            .Select(row => new { row.Id, row.GroupId }).ToListAsync(request.Cancel);
        if (id is not null && (groups = groups.FindAll(group => group.Id.Value == id)).Count == 0) throw ManageApi.NotFound("component group", id);
        return ManageApi.Json(StatusCodes.Status200OK, json =>
        {
            if (id is null) json.WriteStartArray();
            foreach (var group in groups)
            {
                json.WriteStartObject();
                json.WriteString("id", group.Id.Value);
                json.WriteString("page_id", page.Id.Value);
                json.WriteString("name", group.Name);
                json.WriteNull("description");
                json.WriteStartArray("components");
                foreach (var member in members.Where(member => member.GroupId == group.Id)) json.WriteStringValue(member.Id.Value);
                json.WriteEndArray();
                json.WriteNumber("position", group.Position);
                json.WriteInstant("created_at", group.CreatedAt);
                json.WriteInstant("updated_at", group.UpdatedAt);
                json.WriteEndObject();
            }
            if (id is null) json.WriteEndArray();
        });
    }

    private static async Task<IResult> TemplatesAsync(ManageRequest request)
    {
        var page = await request.PageAsync();
        var (skip, take) = ManageApi.Paging(request.Request);
        var templates = await request.Desk.Db.Templates.AsNoTracking().Where(row => row.PageId == page.Id).OrderBy(row => row.Name).Skip(skip).Take(take).ToListAsync(request.Cancel);
        return ManageApi.Json(StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray();
            foreach (var template in templates)
            {
                json.WriteStartObject();
                json.WriteString("id", template.Id.Value);
                json.WriteString("name", template.Name);
                json.WriteString("title", template.Title);
                json.WriteString("body", template.Body);
                json.WriteNull("group_id");
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }
}
