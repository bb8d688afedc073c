using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Audit;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Audit;

/// <summary>Who did what at this page. The audit can be read, searched, exported and verified here, but not changed.</summary>
public sealed class AuditPage(ChangeWriter writer) : AdminPage(writer)
{
    private const int PerPage = 100;
    private static readonly string[] Columns = ["row", "at", "actor", "from", "action", "subject", "changes", "hash"];

    /// <summary>Searched for in the actor, the action and the subject.</summary>
    [FromQuery]
    public string? Q { get; set; }

    /// <summary>Days in the page's zone, both included.</summary>
    [FromQuery]
    public DateOnly? Since { get; set; }

    [FromQuery]
    public DateOnly? Until { get; set; }

    /// <summary>Entries older than this one.</summary>
    [FromQuery]
    public long? Before { get; set; }

    public IReadOnlyList<AuditEntry> Entries { get; private set; } = [];
    public long? Older { get; private set; }
    public AuditFinding? Finding { get; private set; }

    public Task OnGetAsync() => LoadAsync();

    /// <summary>Checks the whole chain, which all pages of the installation share.</summary>
    public async Task OnGetVerifyAsync()
    {
        Finding = await new AuditCheck().RunAsync(Db, Cancel);
        await LoadAsync();
    }

    /// <param name="format">"csv" or "jsonl".</param>
    public async Task<IActionResult> OnGetExportAsync(string? format)
    {
        var rows = Chosen().OrderBy(row => row.Id).AsAsyncEnumerable();
        if (format == "jsonl")
            await WriteLinesAsync(rows);
        else
            await Csv.WriteAsync(
                Response,
                "audit.csv",
                Columns,
                rows,
                row =>
                    [
                        row.Id.ToString(CultureInfo.InvariantCulture),
                        ZoneClock.Machine(row.At),
                        row.Actor,
                        row.From,
                        row.Action,
                        row.Subject,
                        row.Changes,
                        row.Hash,
                    ],
                Cancel
            );
        return new EmptyResult();
    }

    /// <summary>Everything that goes into the hash, so that the owner of the file can recompute it.</summary>
    private async Task WriteLinesAsync(IAsyncEnumerable<AuditEntry> rows)
    {
        Response.ContentType = "application/jsonl; charset=utf-8";
        Response.Headers.ContentDisposition = "attachment; filename=\"audit.jsonl\"";
        Response.Headers.CacheControl = "no-store";
        await foreach (var row in rows.WithCancellation(Cancel))
        {
            await JsonSerializer.SerializeAsync(
                Response.Body,
                new
                {
                    row = row.Id,
                    page = row.PageId.Value,
                    actor = row.Actor,
                    action = row.Action,
                    subject = row.Subject,
                    at_ms = row.At.ToUnixTimeMilliseconds(),
                    from = row.From,
                    changes = row.Changes,
                    hash = row.Hash,
                },
                JsonSerializerOptions.Web,
                Cancel
            );
            await Response.WriteAsync("\n", Cancel);
        }
    }

    public string Link(string handler, string? format = null) => $"?handler={handler}{(format is null ? "" : $"&format={format}")}&{Filter}";

    /// <summary>As a query, for the links to older entries and to the exports.</summary>
    public string Filter => $"q={Uri.EscapeDataString(Q ?? "")}&since={Since:yyyy-MM-dd}&until={Until:yyyy-MM-dd}";

    private IQueryable<AuditEntry> Chosen()
    {
        var rows = Db
            .Audit.AsNoTracking()
            .Where(row => row.PageId == StatusPage.Id)
            .Where(Search.In<AuditEntry>(row => row.Actor + " " + row.Action + " " + row.Subject, Q));
        if (Since is { } since)
        {
            var from = Clock.FromLocal(since.ToDateTime(TimeOnly.MinValue));
            rows = rows.Where(row => row.At >= from);
        }
        if (Until is { } until)
        {
            var to = Clock.FromLocal(Instants.Clamp(until).AddDays(1).ToDateTime(TimeOnly.MinValue));
            rows = rows.Where(row => row.At < to);
        }
        return rows;
    }

    private async Task LoadAsync()
    {
        var rows = await Chosen().Where(row => Before == null || row.Id < Before).OrderByDescending(row => row.Id).Take(PerPage + 1).ToListAsync(Cancel);
        Entries = [.. rows.Take(PerPage)];
        Older = rows.Count > PerPage ? Entries[^1].Id : null;
    }

    /// <summary>What was written, line by line: the row, the field, before, after.</summary>
    public static IEnumerable<(string Of, string Field, string Before, string After)> ChangesOf(AuditEntry entry)
    {
        if (entry.Changes is null)
            yield break;
        using var json = JsonDocument.Parse(entry.Changes);
        if (json.RootElement.ValueKind != JsonValueKind.Object)
            yield break;
        foreach (var subject in json.RootElement.EnumerateObject())
        foreach (var field in subject.Value.EnumerateObject())
            if (field.Value is { ValueKind: JsonValueKind.Array } pair && pair.GetArrayLength() == 2)
                yield return (subject.Name, field.Name, pair[0].ToString(), pair[1].ToString());
    }
}
