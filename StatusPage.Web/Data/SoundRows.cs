using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Snapshot;

namespace StatusPage.Web.Data;

/// <summary>Reads rows of which one may be broken.</summary>
internal static class SoundRows
{
    /// <summary>All rows; when they cannot be read together, those that can be read one by one.</summary>
    /// <param name="with">The row of an id.</param>
    /// <param name="name">The name of a row that is left out.</param>
    /// <param name="leftOut">Null: a row that cannot be read makes the reading fail.</param>
    public static async Task<IReadOnlyList<TOut>> SoundAsync<TRow, TId, TOut>(
        this IQueryable<TRow> rows,
        Expression<Func<TRow, TId>> id,
        Func<TId, Expression<Func<TRow, bool>>> with,
        Func<IQueryable<TRow>, Task<IReadOnlyList<TOut>>> read,
        Func<TId, string> name,
        LeftOut? leftOut,
        CancellationToken cancel
    )
    {
        try
        {
            return await read(rows);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && leftOut is not null && !StoreSetup.IsOutage(exception))
        {
            var sound = new List<TOut>();
            foreach (var one in await rows.Select(id).ToListAsync(cancel))
            {
                try
                {
                    sound.AddRange(await read(rows.Where(with(one))));
                }
                catch (Exception why) when (why is not OperationCanceledException && !StoreSetup.IsOutage(why))
                {
                    leftOut(name(one), why);
                }
            }
            return sound;
        }
    }
}
