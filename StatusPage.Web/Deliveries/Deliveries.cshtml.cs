using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Deliveries;

/// <summary>Who was told of an update, who was not and why.</summary>
public sealed class DeliveriesPage(ChangeWriter writer, DeliveryReports reports, Ledger ledger, DeliverySignal signal) : AdminPage(writer)
{
    [FromRoute]
    public string UpdateId { get; set; } = "";

    /// <summary>An address, an endpoint, or the name of an account.</summary>
    [FromQuery]
    public string? Q { get; set; }

    public Post Update { get; private set; } = null!;

    /// <summary>Null when it was posted silently.</summary>
    public DeliveryReport? Report { get; private set; }
    public IReadOnlyList<string> Answers { get; private set; } = [];

    private UpdateId Id => Domain.UpdateId.Of(UpdateId);

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        if (!string.IsNullOrWhiteSpace(Q))
            Answers = await new RecipientSearch(Db, Clock, MayPublish).AnswerAsync(StatusPage.Id, Id, Q, Cancel);
        return Page();
    }

    /// <summary>The parts that change, for the script: 304 while nothing changed, and when to ask again.</summary>
    public async Task<IActionResult> OnGetProgressAsync(bool compact)
    {
        if (!await LoadAsync() || Report is null)
            return NotFound();
        Response.Headers.ETag = Report.Tag;
        if (Report.PollAfter is { } after)
            Response.Headers["Poll-After"] = ((int)after.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        return Request.Headers.IfNoneMatch == Report.Tag
            ? StatusCode(StatusCodes.Status304NotModified)
            : Partial("/Deliveries/_Progress.cshtml", View(compact));
    }

    public async Task<IActionResult> OnGetExportAsync()
    {
        if (!MayPublish)
            return Forbid();
        if (!await LoadAsync() || Report is null)
            return NotFound();
        await Writer.SaveAsync(StatusPage.Id, new(Actor, "delivery.exported", UpdateId), Cancel);
        await DeliveryExport.WriteAsync(Db, Report.Announcement, Response, Cancel);
        return new EmptyResult();
    }

    public async Task<IActionResult> OnPostRetryAsync(string channel, string group)
    {
        if (!await LoadAsync() || Report is null)
            return NotFound();
        return await AttemptAsync(
            MayPublish,
            async () =>
            {
                var count = 0;
                if (ChannelKinds.Parse(channel) is { } on && Report.Groups.FirstOrDefault(row => row.Channel == on && row.Key == group) is { } found)
                {
                    count = await ledger.RetryAsync(Report.Announcement, on, found.IsRest ? null : found.Reason, Cancel);
                    reports.Forget(Id);
                    await Writer.SaveAsync(StatusPage.Id, new(Actor, "delivery.retried", $"{UpdateId} {on.Label()}, {count} messages"), Cancel);
                    await signal.SendAsync(Cancel);
                }
                Done =
                    count == 0
                        ? Say["There is nothing left to try again."]
                        : Say.Count(count, "One message is tried again.", "{0:N0} messages are tried again.");
                return $"/admin/deliveries/{UpdateId}";
            },
            LoadAsync
        );
    }

    public ProgressView View(bool compact) => new(UpdateId, Report!, Clock, compact, MayPublish && !compact);

    private async Task<bool> LoadAsync()
    {
        if (!PublicId.LooksLikeOne(UpdateId))
            return false;
        var id = Id;
        var found = await (
            from incident in Db.Incidents
            where incident.PageId == StatusPage.Id
            from update in incident.Updates
            where update.Id == id
            select new Post(incident.Id, incident.Title, update.Phase, update.PostedAt)
        ).FirstOrDefaultAsync(Cancel);
        if (found is null)
            return false;
        Update = found;
        Report = await reports.FindAsync(Db, id, Cancel);
        return true;
    }

    public sealed record Post(IncidentId IncidentId, string Title, Phase Phase, DateTimeOffset PostedAt);
}

/// <summary>The model of an update's progress.</summary>
/// <param name="Compact">Only the bar and its line, beside other content.</param>
public sealed record ProgressView(string UpdateId, DeliveryReport Report, ZoneClock Clock, bool Compact, bool MayRetry);
