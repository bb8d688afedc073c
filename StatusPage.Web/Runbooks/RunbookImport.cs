using System.Text;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Runbooks;
using StatusPage.Web.Data;

namespace StatusPage.Web.Runbooks;

/// <param name="Content">Null: it is larger than a runbook can be, so nobody read it.</param>
/// <param name="Refusal">Why nobody read it, where that is not its length.</param>
public sealed record RunbookFile(string Name, byte[]? Content, string? Refusal = null)
{
    /// <summary>Bytes: a runbook in which each character takes four.</summary>
    public const int MaxBytes = 4 * Runbook.MaxBodyLength;

    public const int MostFiles = 500;
}

/// <param name="Title">Null where it was refused.</param>
/// <param name="Outcome">In a sentence.</param>
public sealed record ImportedRunbook(string File, string? Title, Sentence Outcome)
{
    public bool IsRefused => Title is null;
}

/// <summary>
/// Takes runbooks from files. A file whose title is known becomes that runbook's next revision. A file that cannot be taken is named with the reason, and
/// changes nothing; the others are taken all the same.
/// </summary>
public sealed class RunbookImport(ChangeWriter writer)
{
    /// <summary>Characters of the titles in the audit's line; the changes name them all.</summary>
    private const int MaxSubject = 300;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    public async Task<IReadOnlyList<ImportedRunbook>> RunAsync(PageId page, IReadOnlyList<RunbookFile> files, string actor, CancellationToken cancel)
    {
        if (files.Count > RunbookFile.MostFiles)
            throw new RuleViolation($"These are {files.Count:N0} files; {RunbookFile.MostFiles} can be taken at once.", "Files");
        var known = await writer.Db.Runbooks.Where(row => row.PageId == page).ToDictionaryAsync(row => row.Name, cancel);
        var taken = new Dictionary<string, string>();
        var outcomes = files.Select(file => Take(page, file, actor, known, taken)).ToList();
        if (outcomes.Exists(outcome => !outcome.IsRefused))
            await writer.SaveAsync(
                page,
                new(actor, "runbook.imported", Text.Cut(string.Join(", ", outcomes.Select(outcome => outcome.Title).OfType<string>()), MaxSubject)),
                cancel
            );
        return outcomes;
    }

    /// <param name="taken">The names of the files before, by the name of the runbook.</param>
    private ImportedRunbook Take(PageId page, RunbookFile file, string actor, Dictionary<string, Runbook> known, Dictionary<string, string> taken)
    {
        try
        {
            if (file.Refusal is { } why)
                throw new RuleViolation(why);
            if (file.Content is null || file.Content.Length > RunbookFile.MaxBytes)
                throw new RuleViolation($"It is larger than {RunbookFile.MaxBytes / 1000:N0} kB.");
            var text = Utf8.GetString(file.Content).TrimStart('\uFEFF');
            var (title, _) = Runbook.Checked(text);
            var name = Runbook.NameOf(title);
            if (!taken.TryAdd(name, file.Name))
                throw new RuleViolation($"It has the title of {taken[name]}, which was taken.");
            var isNew = !known.TryGetValue(name, out var runbook);
            runbook ??= known[name] = Runbook.Create(page, writer.Now);
            if (runbook.Write(text, actor, writer.Now) is not { } revision)
                return new(file.Name, title, "It says what the runbook says already.");
            if (isNew)
                writer.Db.Add(runbook);
            writer.Db.Add(revision);
            var wasArchived = runbook.ArchivedAt is not null;
            runbook.BringBack();
            return new(
                file.Name,
                title,
                isNew ? (Sentence)"It is a new runbook."
                    : wasArchived ? (Sentence)$"It is revision {revision.Number}, and no longer archived."
                    : $"It is revision {revision.Number}."
            );
        }
        catch (DecoderFallbackException)
        {
            return new(file.Name, null, "It is not text in UTF-8.");
        }
        catch (RuleViolation violation)
        {
            return new(file.Name, null, violation.Sentence);
        }
    }
}
