using CsvHelper;

namespace StatusPage.Web.Shared;

/// <summary>Lists as CSV (RFC 4180), written row by row while they are read. What a spreadsheet would take for a formula is disarmed.</summary>
public static class Csv
{
    /// <summary>What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), in its full width too.</summary>
    private const string Formula = "=+-@\t\r\uFF1D\uFF0B\uFF0D\uFF20";

    /// <summary>This option covers ASCII only.</summary>
    private static readonly CsvWriterOptions Safe = new() { Injection = CsvInjection.Escape };

    /// <summary>The same for lines with tabs between their cells.</summary>
    public static string DisarmTabbed(string text) =>
        string.Join(
            '\n',
            text.ReplaceLineEndings("\n")
                .Split('\n')
                .Select(line =>
                    string.Join(
                        '\t',
                        line.Split('\t').Select(cell => cell.Length > 0 && Formula.Contains(cell[0], StringComparison.Ordinal) ? $"'{cell}" : cell)
                    )
                )
        );

    private static string? DisarmWide(string? cell) =>
        cell is { Length: > 0 } && !char.IsAscii(cell[0]) && Formula.Contains(cell[0], StringComparison.Ordinal) ? $"'{cell}" : cell;

    public static async Task WriteAsync<T>(
        HttpResponse response,
        string fileName,
        string[] columns,
        IAsyncEnumerable<T> rows,
        Func<T, string?[]> fields,
        CancellationToken cancel
    )
    {
        response.ContentType = "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        response.Headers.CacheControl = "no-store";
        await using var csv = CsvWriter.Create(response.Body, Safe, true);
        await csv.WriteRecordAsync(columns, cancel);
        await foreach (var row in rows.WithCancellation(cancel))
            await csv.WriteRecordAsync(Array.ConvertAll(fields(row), DisarmWide)!, cancel);
        await csv.FlushAsync(cancel);
    }
}
