using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;

namespace StatusPage.Web.Data;

/// <summary>A case-insensitive "contains", translated the same way for both stores; the typed text is not taken as a pattern.</summary>
public static class Search
{
    private const string Escape = "\\";
    private static readonly MethodInfo Lower = typeof(string).GetMethod(nameof(string.ToLower), Type.EmptyTypes)!;
    private static readonly MethodInfo Like = typeof(DbFunctionsExtensions).GetMethod(
        nameof(DbFunctionsExtensions.Like),
        [typeof(DbFunctions), typeof(string), typeof(string), typeof(string)]
    )!;

    /// <param name="text">Empty or null finds everything.</param>
    public static Expression<Func<T, bool>> In<T>(Expression<Func<T, string>> column, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return _ => true;
        var literal = string.Concat(text.Where(c => !char.IsControl(c)))
            .Trim()
            .ToLowerInvariant()
            .Replace(Escape, @"\\", StringComparison.Ordinal)
            .Replace("%", @"\%", StringComparison.Ordinal)
            .Replace("_", @"\_", StringComparison.Ordinal);
        var match = Expression.Call(
            Like,
            Expression.Constant(EF.Functions),
            Expression.Call(column.Body, Lower),
            Expression.Constant($"%{literal}%"),
            Expression.Constant(Escape)
        );
        return Expression.Lambda<Func<T, bool>>(match, column.Parameters);
    }
}
