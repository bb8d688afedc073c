using System.Globalization;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Deliveries;

/// <summary>The rows of one announcement as CSV, written while they are read.</summary>
public static class DeliveryExport
{
    private static readonly string[] Columns = ["recipient", "channel", "state", "attempts", "last error", "finished at", "remote id"];

    public static Task WriteAsync(StatusDb db, AnnouncementId announcement, HttpResponse response, CancellationToken cancel)
    {
        // In the order of the unique index, so that nothing needs to be sorted first.
        const string sql = """
            SELECT COALESCE(
                CASE WHEN s."Channel" = 2 THEN 'a browser' WHEN s."Channel" = 1 THEN s."Endpoint" ELSE s."Email" END,
                a."Name", '(removed)') AS "Recipient",
              d."Channel", d."State", d."Attempts", d."LastError", d."FinishedAt", d."RemoteId"
            FROM "Deliveries" d LEFT JOIN "Subscribers" s ON s."Id" = d."RecipientId" LEFT JOIN "ChannelAccounts" a ON a."Id" = d."RecipientId"
            WHERE d."AnnouncementId" = {0} ORDER BY d."RecipientId", d."Channel"
            """;
        var rows = db.Database.SqlQueryRaw<Row>(sql, announcement.Value).AsAsyncEnumerable();
        return Csv.WriteAsync(
            response,
            $"deliveries-{announcement}.csv",
            Columns,
            rows,
            row =>
                [
                    row.Recipient,
                    ((Channel)row.Channel).Code(),
                    ((DeliveryState)row.State).ToString().ToLowerInvariant(),
                    row.Attempts.ToString(CultureInfo.InvariantCulture),
                    row.LastError,
                    row.FinishedAt is { } at ? ZoneClock.Machine(DateTimeOffset.FromUnixTimeMilliseconds(at)) : null,
                    row.RemoteId,
                ],
            cancel
        );
    }

    private sealed record Row(string Recipient, int Channel, int State, int Attempts, string? LastError, long? FinishedAt, string? RemoteId);
}
