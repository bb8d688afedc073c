using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Handovers;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Handovers;

/// <summary>Writes the next handover, and lists the earlier ones.</summary>
public sealed class HandoversPage(ChangeWriter writer, HandoverDesk desk) : AdminPage(writer)
{
    private const int MostShown = 50;

    [BindProperty]
    public string? Body { get; set; }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<Handover> Earlier { get; private set; } = [];

    /// <summary>The note that this reader should acknowledge.</summary>
    public Handover? Waiting => Earlier.Count > 0 && Earlier[0].IsFor(Actor) && MayDraft ? Earlier[0] : null;

    public async Task OnGetAsync()
    {
        await LoadAsync();
        if (MayDraft)
            Body = (await desk.StateAsync(StatusPage, Clock, Cancel)).Outline(sentence => Say[sentence]);
    }

    public Task<IActionResult> OnPostAsync() =>
        AttemptAsync(
            MayDraft,
            async () =>
            {
                var handover = await desk.WriteAsync(StatusPage.Id, Body, Actor, Token, Cancel);
                Done = Say["It is saved. The person who takes over acknowledges it here."];
                return $"{HandoverDesk.List}/{handover.Id}";
            },
            LoadAsync
        );

    private async Task LoadAsync()
    {
        Earlier = await Db
            .Handovers.AsNoTracking()
            .Where(row => row.PageId == StatusPage.Id)
            .OrderByDescending(row => row.CreatedAt)
            .Take(MostShown)
            .ToListAsync(Cancel);
        Token ??= NewToken();
    }
}
