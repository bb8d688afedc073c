using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Drafts;

/// <summary>What is posted in a few seconds, and can be taken back until then. It needs no script: it asks again by itself.</summary>
public sealed class CountdownPage(ChangeWriter writer, Composer composer, Countdowns countdowns) : AdminPage(writer)
{
    [FromRoute]
    public string Id { get; set; } = "";

    public Draft Draft { get; private set; } = null!;
    public ComposerInput Input { get; private set; } = null!;

    /// <summary>What would be posted.</summary>
    public Imagined Told { get; private set; } = null!;
    public string Reach { get; private set; } = "";

    /// <summary>Whole seconds; none when it is due.</summary>
    public int Left => (int)Math.Ceiling(Math.Max(0, (Draft.PostsAt!.Value - Now).TotalSeconds));

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await FindAsync())
            return NotFound();
        if (!Draft.IsCountingDown)
        {
            if (Draft.PublishedAs is not null)
                Done = Say["Posted. It is on the page now, and on its way to subscribers."];
            return LocalRedirect("~" + await LeadsToAsync());
        }
        await LoadAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostTakeBackAsync()
    {
        if (!await FindAsync())
            return NotFound();
        return await AttemptAsync(
            MayPublish,
            async () =>
            {
                if (Draft.IsCountingDown)
                {
                    await countdowns.TakeBackAsync(Draft, Actor, Cancel);
                    Done = Say["Taken back. Nothing has left, and every word is still here."];
                }
                else if (Draft.PublishedAs is not null)
                    Done = Say["It was posted a moment before. You can correct or withdraw it here."];
                return await LeadsToAsync();
            },
            LoadAsync
        );
    }

    public async Task<IActionResult> OnPostNowAsync()
    {
        if (!await FindAsync())
            return NotFound();
        return await AttemptAsync(
            MayPublish,
            async () =>
            {
                await countdowns.PostAsync(StatusPage, Draft.Id, Cancel);
                Db.ChangeTracker.Clear();
                await FindAsync();
                if (Draft.PublishedAs is not null)
                    Done = Say["Posted. It is on the page now, and on its way to subscribers."];
                return await LeadsToAsync();
            },
            LoadAsync
        );
    }

    private async Task<bool> FindAsync()
    {
        if (await composer.FindAsync(StatusPage.Id, Id, Cancel) is not { Corrects: null, State: not DraftState.Discarded } draft)
            return false;
        Draft = draft;
        return true;
    }

    /// <summary>The incident, once it is posted; else the composer, with every word.</summary>
    private async Task<string> LeadsToAsync() =>
        Draft.PublishedAs is { } update
            ? $"/admin/incidents/{await Db.Incidents.Where(row => row.Updates.Any(one => one.Id == update)).Select(row => row.Id).FirstAsync(Cancel)}"
            : Composer.AddressOf(Draft);

    private async Task LoadAsync()
    {
        await FindAsync();
        if (!Draft.IsCountingDown)
            return;
        Input = ComposerInput.Read(Draft.Content);
        var choices = await Db.ChoicesAsync(StatusPage.Id, Now, Cancel);
        Told = await composer.ImagineAsync(StatusPage, Draft.IncidentId, Input, choices, Draft.Poster!, Cancel);
        Reach = (await Db.ReachAsync(StatusPage.Id, Told.Incident.ComponentIds, Draft.IncidentId, Cancel)).Sentence(Told.Draft, choices.Audiences);
        // A second for the post itself.
        Response.Headers.Append("Refresh", $"{Left + 1}");
    }
}
