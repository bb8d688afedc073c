using System.Text;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;

namespace StatusPage.Web.Subscriptions;

/// <param name="Added">Confirmed by this import; those that had not answered their confirmation among them.</param>
/// <param name="Known">Confirmed before; their choices stay as they are.</param>
/// <param name="Bad">In the order of their lines.</param>
public sealed record ImportResult(int Added, int Known, IReadOnlyList<BadLine> Bad);

/// <summary>Takes many addresses at once. Run again with the same list, it adds nobody twice.</summary>
public sealed class SubscriberImport(ChangeWriter writer)
{
    /// <summary>
    /// Rows in one statement and transaction; a post in between waits for no more than these. SQLite takes 32,766 parameters, and each row has 4.
    /// </summary>
    private const int AtOnce = 1_000;

    public async Task<ImportResult> RunAsync(PageId page, string text, string actor, CancellationToken cancel)
    {
        var components = await writer
            .Db.Components.AsNoTracking()
            .Where(row => row.PageId == page && row.ArchivedAt == null)
            .ToDictionaryAsync(row => row.Slug, row => row.Id, cancel);
        var bad = new List<BadLine>();
        var lines = ImportList.Read(page, text, components, writer.Now, bad);
        var (added, known) = (0, 0);
        foreach (var chunk in lines.Chunk(AtOnce))
        {
            var keys = chunk.Select(line => line.Subscriber.Key).ToList();
            var states = await writer
                .Db.Subscribers.Where(row => row.PageId == page && keys.Contains(row.Key))
                .ToDictionaryAsync(row => row.Key, row => row.State, cancel);
            var fresh = new List<Subscriber>();
            var unanswered = new List<string>();
            foreach (var (number, subscriber) in chunk)
            {
                if (!states.TryGetValue(subscriber.Key, out var state))
                    fresh.Add(subscriber);
                else if (state == SubscriptionState.Confirmed)
                    known++;
                else if (state == SubscriptionState.Pending)
                    unanswered.Add(subscriber.Key);
                else
                    bad.Add(
                        new(
                            number,
                            subscriber.Email!,
                            state == SubscriptionState.Ended
                                ? "Unsubscribed before, so it is not subscribed again."
                                : "Suppressed, as mail came back or was unwanted, so it is not subscribed again."
                        )
                    );
            }
            added += await InsertAsync(page, fresh, cancel) + await ConfirmAsync(page, unanswered, cancel);
        }
        await writer.SaveAsync(page, new(actor, "subscriber.imported", $"{added} added, {known} known, {bad.Count} refused"), cancel);
        return new(added, known, [.. bad.OrderBy(line => line.Number)]);
    }

    /// <summary>Leaves anybody as they are who subscribes in another way at the same moment.</summary>
    private async Task<int> InsertAsync(PageId page, List<Subscriber> subscribers, CancellationToken cancel)
    {
        if (subscribers.Count == 0)
            return 0;
        var parameters = new List<object> { page.Value, writer.Now.ToUnixTimeMilliseconds() };
        var sql = new StringBuilder(
            """INSERT INTO "Subscribers" ("Id", "PageId", "Channel", "Email", "Key", "State", "WantsEverything","""
                + """ "ComponentIds", "IncidentIds", "CreatedAt", "ConfirmedAt") VALUES """
        );
        foreach (var subscriber in subscribers)
        {
            var first = parameters.Count;
            if (first > 2)
                sql.Append(", ");
            sql.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"({{{first}}}, {{0}}, {(int)Channel.Email}, {{{first + 1}}}, {{{first + 2}}}, {(int)SubscriptionState.Confirmed}, "
                    + $"{(subscriber.WantsEverything ? "TRUE" : "FALSE")}, {{{first + 3}}}, '', {{1}}, {{1}})"
            );
            parameters.AddRange([
                subscriber.Id.Value,
                subscriber.Email!,
                subscriber.Key,
                subscriber.ComponentIds.Count == 0 ? "" : $" {string.Join(' ', subscriber.ComponentIds)} ",
            ]);
        }
        return await writer.Db.Database.ExecuteSqlRawAsync(sql.Append(" ON CONFLICT DO NOTHING").ToString(), parameters, cancel);
    }

    private Task<int> ConfirmAsync(PageId page, List<string> keys, CancellationToken cancel) =>
        keys.Count == 0
            ? Task.FromResult(0)
            : writer
                .Db.Subscribers.Where(row => row.PageId == page && keys.Contains(row.Key) && row.State == SubscriptionState.Pending)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(row => row.State, SubscriptionState.Confirmed).SetProperty(row => row.ConfirmedAt, writer.Now),
                    cancel
                );
}
