using CsvHelper;

namespace StatusPage.Web.Shared;

/// <summary>Lists as CSV (RFC 4180), written row by row while they are read, with what a spreadsheet would take for a formula disarmed.</summary>
public static class Csv
{
    private static readonly CsvWriterOptions Safe = new() { Injection = CsvInjection.Escape };

    public static async Task WriteAsync<T>(
        HttpResponse response, string fileName, string[] columns, IAsyncEnumerable<T> rows, Func<T, string?[]> fields, CancellationToken cancel)
    {
        response.ContentType = "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        response.Headers.CacheControl = "no-store";
        await using var csv = CsvWriter.Create(response.Body, Safe, true);
        await csv.WriteRecordAsync(columns, cancel);
        await foreach (var row in rows.WithCancellation(cancel)) await csv.WriteRecordAsync(fields(row)!, cancel);
        await csv.FlushAsync(cancel);
    }
}
