using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Runbooks;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Runbooks;

/// <summary>A text that a runbook had.</summary>
public sealed class RunbookRevisionPage(ChangeWriter writer, RunbookDesk desk) : AdminPage(writer)
{
    [FromRoute]
    public string Id { get; set; } = "";

    [FromRoute]
    public string Number { get; set; } = "";

    public Runbook Runbook { get; private set; } = null!;
    public RunbookRevision Revision { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync() =>
        !await LoadAsync()
            ? NotFound()
            : await AttemptAsync(
                MayDraft,
                async () =>
                {
                    await desk.RestoreAsync(Runbook, Revision.Number, Actor, Cancel);
                    Done = Say["The text of revision {0} is back, as revision {1}.", Revision.Number, Runbook.Revision];
                    return $"{RunbookDesk.List}/{Id}";
                },
                LoadAsync
            );

    private async Task<bool> LoadAsync()
    {
        if (
            !int.TryParse(Number, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            || await Db.FindRunbookAsync(StatusPage.Id, Id, Cancel) is not { } runbook
            || await Db.RunbookRevisions.AsNoTracking().FirstOrDefaultAsync(row => row.RunbookId == runbook.Id && row.Number == number, Cancel)
                is not { } revision
        )
            return false;
        (Runbook, Revision) = (runbook, revision);
        return true;
    }
}
