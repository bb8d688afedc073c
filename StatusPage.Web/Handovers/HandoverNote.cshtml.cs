using Microsoft.AspNetCore.Mvc;
using StatusPage.Domain;
using StatusPage.Domain.Handovers;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Handovers;

/// <summary>One handover: read, changed, acknowledged.</summary>
public sealed class HandoverNotePage(ChangeWriter writer, HandoverDesk desk) : AdminPage(writer)
{
    [FromRoute]
    public string Id { get; set; } = "";

    [BindProperty]
    public string? Body { get; set; }

    /// <summary>The note's version when the form was shown: nobody acknowledges, or overwrites, what they have not read.</summary>
    [BindProperty]
    public int Version { get; set; }

    public Handover Note { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        Body = Note.Body;
        return Page();
    }

    public Task<IActionResult> OnPostAsync() => ActAsync(() => desk.EditAsync(Note, Body, Actor, Cancel), Say["It is saved."], keepsBody: true);

    public Task<IActionResult> OnPostAcknowledgeAsync() => ActAsync(() => desk.AcknowledgeAsync(Note, Actor, Cancel), Say["You have taken over."]);

    private async Task<IActionResult> ActAsync(Func<Task> act, string done, bool keepsBody = false)
    {
        var seen = Version;
        return !await LoadAsync()
            ? NotFound()
            : await AttemptAsync(
                MayDraft,
                async () =>
                {
                    if (Note.Version != seen)
                        throw new RuleViolation($"{Note.AcknowledgedBy ?? Note.Editor} changed this note meanwhile. Read what is new, then try again.");
                    await act();
                    Done = done;
                    return $"{HandoverDesk.List}/{Id}";
                },
                async () =>
                {
                    await LoadAsync();
                    ModelState.Remove(nameof(Version));
                    if (!keepsBody)
                        Body = Note.Body;
                }
            );
    }

    private async Task<bool> LoadAsync()
    {
        if (await desk.FindAsync(StatusPage.Id, Id, Cancel) is not { } note)
            return false;
        (Note, Version) = (note, note.Version);
        return true;
    }
}
