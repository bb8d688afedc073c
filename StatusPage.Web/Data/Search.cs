using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;
using StatusPage.Domain;

namespace StatusPage.Web.Data;

/// <summary>
/// A "contains" that ignores case and width in every script, and is translated for both stores; the typed text is not taken as a pattern. SQLite's own
/// lower() knows ASCII alone, and PostgreSQL's the language that the database was made with.
/// </summary>
public static class Search
{
    public const string Escape = "\\";

    /// <summary>The name of the function that each connection to SQLite is given.</summary>
    internal const string SqliteFold = "search_fold";

    /// <summary>The rules of Unicode, of no language (PostgreSQL, "Collation Support").</summary>
    private const string EveryScript = "und-x-icu";

    private static readonly MethodInfo Lower = typeof(string).GetMethod(nameof(string.ToLower), Type.EmptyTypes)!;
    private static readonly MethodInfo FoldMethod = typeof(Search).GetMethod(nameof(Fold), [typeof(string)])!;
    private static readonly MethodInfo Like = typeof(DbFunctionsExtensions).GetMethod(
        nameof(DbFunctionsExtensions.Like),
        [typeof(DbFunctions), typeof(string), typeof(string), typeof(string)]
    )!;

    /// <summary>Translated to SQL; see <see cref="SearchText.Fold"/>.</summary>
    public static string Fold(string text) => SearchText.Fold(text);

    /// <param name="text">Empty or null finds everything.</param>
    /// <param name="isOfAddresses">
    /// Whether the column holds addresses. There may be a million of them, and they have no wide forms of ASCII: a search for ASCII is left to the store.
    /// </param>
    public static Expression<Func<T, bool>> In<T>(Expression<Func<T, string>> column, string? text, bool isOfAddresses = false)
    {
        if (string.IsNullOrWhiteSpace(text))
            return _ => true;
        var pattern = PatternOf(text);
        var match = Expression.Call(
            Like,
            Expression.Constant(EF.Functions),
            isOfAddresses && Ascii.IsValid(text) ? Expression.Call(column.Body, Lower) : Expression.Call(FoldMethod, column.Body),
            Expression.Constant(pattern),
            Expression.Constant(Escape)
        );
        return Expression.Lambda<Func<T, bool>>(match, column.Parameters);
    }

    /// <summary>For LIKE with <see cref="Escape"/>: a text that holds this one, both folded.</summary>
    public static string PatternOf(string text)
    {
        var literal = SearchText
            .Fold(string.Concat(text.Where(c => !char.IsControl(c))).Trim())
            .Replace(Escape, @"\\", StringComparison.Ordinal)
            .Replace("%", @"\%", StringComparison.Ordinal)
            .Replace("_", @"\_", StringComparison.Ordinal);
        return $"%{literal}%";
    }

    public static void MapSearch(this ModelBuilder model, bool isSqlite) =>
        model.HasDbFunction(FoldMethod).HasTranslation(arguments => isSqlite ? Call(SqliteFold, arguments[0]) : OnPostgres(arguments[0]));

    /// <summary>Letter by letter what <see cref="SearchText.Fold"/> does, with the commonest of the characters that nobody sees.</summary>
    private static SqlFunctionExpression OnPostgres(SqlExpression column)
    {
        const string hidden = "\u00AD\u200B\u200C\u200D\u2060\uFEFF";
        var wide = Call("normalize", column, new SqlFragmentExpression("NFKC"));
        var even = Call("translate", wide, Text(SearchText.Odd + hidden), Text(SearchText.Even));
        // The Greek s becomes small as its neighbours ask for, so the final one comes back.
        var small = Call("translate", Call("lower", new CollateExpression(even, EveryScript)), Text("ς"), Text("σ"));
        return Call("replace", small, Text("ß"), Text("ss"));
    }

    private static SqlFunctionExpression Call(string name, params SqlExpression[] arguments) =>
        new(name, arguments, nullable: true, argumentsPropagateNullability: arguments.Select(_ => true), typeof(string), arguments[0].TypeMapping);

    private static SqlConstantExpression Text(string text) => new(text, new StringTypeMapping("text", System.Data.DbType.String));
}

/// <summary>Gives each connection to SQLite the function by which <see cref="Search"/> compares.</summary>
internal sealed class SqliteSearch : DbConnectionInterceptor
{
    public static readonly SqliteSearch Instance = new();

    public override void ConnectionOpened(System.Data.Common.DbConnection connection, ConnectionEndEventData eventData) => Add(connection);

    public override Task ConnectionOpenedAsync(
        System.Data.Common.DbConnection connection,
        ConnectionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        Add(connection);
        return Task.CompletedTask;
    }

    private static void Add(System.Data.Common.DbConnection connection) =>
        ((SqliteConnection)connection).CreateFunction(
            Search.SqliteFold,
            (string? text) => text is null ? null : SearchText.Fold(text),
            isDeterministic: true
        );
}
