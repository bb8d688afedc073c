using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Components;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;

namespace StatusPage.Web.StatusApi;

/// <summary><c>/v1/pages/{page_id}/incident_templates</c></summary>
public static class TemplateEndpoints
{
    private static readonly string[] PhaseCodes = [.. Phases.Postable.Select(phase => phase.Code())];

    public static void MapTemplates(this RouteGroupBuilder v1)
    {
        var templates = v1.MapGroup("/incident_templates").In(ApiScopes.Templates, "Incident templates");
        templates.MapGet("", ListAsync).Pages().Says<IReadOnlyList<TemplateShape>>("Templates, by name");
        templates.MapGet("/{template_id}", GetAsync).Says<TemplateShape>("A template");
        templates.MapPost("", CreateAsync).Writes().Takes<TemplateRequest>().Says<TemplateShape>("Create a template", StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(ManageRequest request)
    {
        var page = await request.PageAsync();
        var (skip, take) = ManageApi.Paging(request.Request);
        var templates = await request
            .Writer.Db.Templates.AsNoTracking()
            .Where(row => row.PageId == page.Id)
            .OrderBy(row => row.Name)
            .Skip(skip)
            .Take(take)
            .ToListAsync(request.Cancel);
        var components = await ComponentsAsync(request);
        var make = await request.MakerAsync();
        return ManageApi.Ok<IReadOnlyList<TemplateShape>>([.. templates.Select(template => Shape(template, components, make))]);
    }

    private static async Task<IResult> GetAsync(string template_id, ManageRequest request)
    {
        var (page, id) = ((await request.PageAsync()).Id, PublicId.LooksLikeOne(template_id) ? TemplateId.Of(template_id) : default);
        var template =
            await request.Writer.Db.Templates.AsNoTracking().FirstOrDefaultAsync(row => row.PageId == page && row.Id == id, request.Cancel)
            ?? throw ManageApi.NotFound("template", template_id);
        return ManageApi.Ok(Shape(template, await ComponentsAsync(request), await request.MakerAsync()));
    }

    private static async Task<IResult> CreateAsync(ManageRequest request)
    {
        var body = await Body.ReadAsync(request.Request, "template", request.Cancel);
        var page = await request.PageAsync();
        var components = await ComponentsAsync(request);
        var chosen = (body.Texts("component_ids") ?? []).Select(IncidentEndpoints.IdOf).ToList();
        if (chosen.Find(id => components.All(component => component.Id != id)) is { Value: not null } unknown)
            throw ManageApi.NotFound("component", unknown.Value);
        var phase = body.OneOf("update_status", Phases.Parse, PhaseCodes) ?? Phase.Investigating;
        var template = Template
            .Create(page.Id, request.Writer.Now)
            .Write(
                body.Text("name"),
                body.Text("title") is { Length: > 0 },
                phase,
                null,
                body.Text("title"),
                body.Text("body"),
                null,
                null,
                chosen,
                request.Writer.Now
            );
        if (await request.Writer.Db.Templates.AnyAsync(other => other.PageId == page.Id && other.Name == template.Name, request.Cancel))
            throw new RuleViolation("There is a template of that name already.");
        request.Writer.Db.Templates.Add(template);
        await request.Writer.SaveAsync(page.Id, new(request.Actor, "template.created", template.Name), request.Cancel);
        return ManageApi.Json(StatusCodes.Status201Created, Shape(template, components, await request.MakerAsync()));
    }

    private static async Task<List<Component>> ComponentsAsync(ManageRequest request)
    {
        var page = await request.PageAsync();
        return await request
            .Writer.Db.Components.AsNoTracking()
            .Where(row => row.PageId == page.Id && row.ArchivedAt == null)
            .OrderBy(row => row.Position)
            .ToListAsync(request.Cancel);
    }

    private static TemplateShape Shape(Template template, IReadOnlyList<Component> components, ShapeMaker make) =>
        new(
            template.Id.Value,
            template.Name,
            template.Title,
            template.Body,
            null,
            template.Phase.Code(),
            false,
            true,
            [.. components.Where(component => template.ComponentIds.Contains(component.Id)).Select(component => make.Managed(component.Id))]
        );
}
