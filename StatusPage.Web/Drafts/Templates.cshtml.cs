using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Components;
using StatusPage.Domain.Drafts;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Drafts;

/// <summary>Texts prepared in quiet times. Everybody who drafts may read them; everybody who publishes may write them.</summary>
public sealed class TemplatesPage(ChangeWriter writer) : AdminPage(writer)
{
    public IReadOnlyList<Template> Templates { get; private set; } = [];
    public IReadOnlyList<Component> Components { get; private set; } = [];

    public async Task OnGetAsync()
    {
        Templates = await Db.Templates.AsNoTracking().Where(row => row.PageId == StatusPage.Id).OrderBy(row => row.Name).ToListAsync(Cancel);
        Components = await Db.Components.AsNoTracking().Where(row => row.PageId == StatusPage.Id && row.ArchivedAt == null).ToListAsync(Cancel);
    }

    /// <summary>The components that a template is for; null: any.</summary>
    public string? MadeFor(Template template) =>
        template.ComponentIds.Count == 0
            ? null
            : string.Join(", ", Components.Where(component => template.ComponentIds.Contains(component.Id)).Select(component => component.Name));
}
