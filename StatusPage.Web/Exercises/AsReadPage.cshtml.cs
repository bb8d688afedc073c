using Microsoft.AspNetCore.Mvc;
using StatusPage.Domain.Components;
using StatusPage.Domain.Exercises;
using StatusPage.Domain.Languages;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Public;
using StatusPage.Web.Shared;
using StatusPage.Web.Snapshot;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Exercises;

/// <summary>The status page as it would be if the exercise were real, for those at the desk. It is made for the request, and no snapshot holds it.</summary>
public sealed class AsReadPage(ChangeWriter writer, ExerciseDesk desk, PublicSites sites, PublicAddress address, ThemeCatalog themes)
    : AdminPage(writer),
        IPublicLayout
{
    [FromRoute]
    public string Id { get; set; } = "";

    public Exercise Exercise { get; private set; } = null!;
    public StatusSnapshot Snapshot { get; private set; } = null!;
    public SpokenLanguage Spoken => HttpContext.RequestServices.GetRequiredService<RequestLanguage>().Spoken;
    public Theme Theme => themes.Of(Snapshot.Theme);
    public DateTimeOffset? AsOf => null;

    public async Task<IActionResult> OnGetAsync()
    {
        if (await desk.FindAsync(StatusPage.Id, Id, Cancel) is not { } exercise || sites.Of(StatusPage.Id)?.Current is not { } edition)
            return NotFound();
        Exercise = exercise;
        Snapshot = edition.Snapshot with
        {
            Name = Say["Exercise of {0}", edition.Snapshot.Name],
            AsOf = Now,
            // What is wrong in truth is no part of the exercise.
            Components = [.. edition.Snapshot.Components.Select(component => component with { Status = ComponentStatus.Operational })],
            ComponentsChangedAt = null,
            Incidents = exercise.AsRead() is { } read ? [read] : [],
            Maintenances = [],
        };
        return Page();
    }

    public string Link(string path) => address.In(Spoken).Of(path);

    public string Link(string path, Language? language) => address.In(language).Of(path);
}
