using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Web.Data;
using StatusPage.Web.Notices;
using StatusPage.Web.Pages;

namespace StatusPage.Web.Deliveries;

/// <summary>After a restore: shows what waits, and resumes sending when an owner of the first page says so.</summary>
public sealed class PausedPage(ChangeWriter writer, Pauses pauses, DeliverySignal signal, NoticeBell notices) : InstallationPage(writer)
{
    public const string Path = "/admin/paused";

    /// <summary>Null: sending is not paused.</summary>
    public Paused? Paused { get; private set; }
    public int Waiting { get; private set; }

    public Task OnGetAsync() => LoadAsync();

    public Task<IActionResult> OnPostAsync() =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                await LoadAsync();
                if (Paused?.Since is null)
                    return Path;
                Db.DeliveryPauses.RemoveRange(await Db.DeliveryPauses.ToListAsync(Cancel));
                await Writer.SaveAsync(StatusPage.Id, new(Actor, "delivery.resumed", Trouble.Count(Waiting, "message")), Cancel);
                await signal.SendAsync(Cancel);
                notices.Ring();
                Done = Say["What waited is sent now."];
                return "/admin";
            },
            LoadAsync
        );

    private async Task LoadAsync()
    {
        Paused = await pauses.FindAsync(Db, Cancel);
        Waiting = await Pauses.WaitingAsync(Db, Cancel);
    }
}
