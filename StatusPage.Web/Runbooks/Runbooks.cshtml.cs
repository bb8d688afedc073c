using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Web.Data;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Runbooks;

/// <param name="Wish">Why somebody should read it again; null when nobody has to.</param>
public sealed record RunbookRow(RunbookId Id, string Title, string For, int Revision, DateTimeOffset ReviewedAt, Sentence? Wish, bool IsArchived);

/// <summary>All runbooks, and the import of files.</summary>
[RequestSizeLimit(MaxBytes)]
[RequestFormLimits(MultipartBodyLengthLimit = MaxBytes, BufferBodyLengthLimit = MaxBytes)]
public sealed class RunbooksPage(ChangeWriter writer, RunbookImport import) : AdminPage(writer)
{
    /// <summary>Bytes of the whole form; docs/deploy/nginx.conf lets as much through.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    [BindProperty]
    public List<IFormFile> Files { get; set; } = [];

    /// <summary>Those to be reviewed first.</summary>
    public IReadOnlyList<RunbookRow> Rows { get; private set; } = [];
    public IReadOnlyList<ImportedRunbook>? Imported { get; private set; }

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostImportAsync()
    {
        if (!MayDraft)
            return Forbid();
        try
        {
            if (Files.Count == 0)
                throw new RuleViolation("Choose one or several files.", nameof(Files));
            var files = new List<RunbookFile>();
            foreach (var file in Files.Take(RunbookFile.MostFiles + 1))
                files.Add(new(file.FileName, file.Length > RunbookFile.MaxBytes ? null : await BytesAsync(file)));
            Imported = await import.RunAsync(StatusPage.Id, files, Actor, Cancel);
        }
        catch (RuleViolation violation)
        {
            this.Refuse(violation);
        }
        catch (Exception exception) when (StoreSetup.IsConflict(exception))
        {
            ModelState.AddModelError(
                "",
                Say["Somebody else changed one of these runbooks at the same moment, so nothing was taken. Send the files again."]
            );
        }
        if (!ModelState.IsValid || Imported?.Any(outcome => outcome.IsRefused) == true)
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        Db.ChangeTracker.Clear();
        await LoadAsync();
        return Page();
    }

    private async Task<byte[]> BytesAsync(IFormFile file)
    {
        using var content = new MemoryStream((int)file.Length);
        await file.CopyToAsync(content, Cancel);
        return content.ToArray();
    }

    private async Task LoadAsync()
    {
        var components = await Db.Components.Where(row => row.PageId == StatusPage.Id).ToDictionaryAsync(row => row.Id, row => row.Name, Cancel);
        var rules = await Db.AlertRules.Where(row => row.PageId == StatusPage.Id).ToDictionaryAsync(row => row.Id, row => row.Name, Cancel);
        var used = await Db.RunbookUseAsync(StatusPage.Id, Cancel);
        var runbooks = await Db.Runbooks.AsNoTracking().Where(row => row.PageId == StatusPage.Id).OrderBy(row => row.Name).ToListAsync(Cancel);
        Rows =
        [
            .. runbooks
                .Select(row => new RunbookRow(
                    row.Id,
                    row.Title,
                    string.Join(
                        ", ",
                        row.ComponentIds.Select(components.GetValueOrDefault).Concat(row.AlertRuleIds.Select(rules.GetValueOrDefault)).OfType<string>()
                    ),
                    row.Revision,
                    row.ReviewedAt,
                    row.ReviewReason(Now, used.TryGetValue(row.Id, out var at) ? at : null),
                    row.ArchivedAt is not null
                ))
                .OrderBy(row => row.IsArchived)
                .ThenBy(row => row.Wish is null),
        ];
    }
}
