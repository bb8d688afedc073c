using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Readers;

namespace StatusPage.Web.Readers;

/// <summary>
/// Tells the readers of a private page from strangers, from memory alone. It belongs to an edition and goes on in the next one until the rule changes, so
/// that what was checked once is looked up.
/// </summary>
public sealed class Gate
{
    /// <summary>Proofs that are known to be good. Only good ones are kept, so strangers fill nothing.</summary>
    private const int MostKnown = 10_000;

    private const string Bearer = "Bearer ";
    private const int MaxToken = 100;

    private readonly string _cookie;
    private readonly FrozenDictionary<string, int> _tokens;
    private readonly ConcurrentDictionary<string, long> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _seen;

    private Gate(PageId page, AccessRule rule)
    {
        Rule = rule;
        _cookie = CookieOf(page) + "=";
        _tokens = rule.Tokens.ToFrozenDictionary(token => token.Hash, token => token.Id, StringComparer.Ordinal);
        _seen = _known.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public AccessRule Rule { get; }

    /// <summary>Names the page, as the cookies of several pages may come along with one request.</summary>
    public static string CookieOf(PageId page) => $"reader.{page}";

    /// <param name="before">The gate of the edition before.</param>
    /// <returns>Null: everybody may read the page.</returns>
    public static Gate? Of(PageId page, AccessRule? rule, Gate? before) =>
        rule is null ? null
        : before?.Rule.Stamp == rule.Stamp ? before
        : new(page, rule);

    /// <summary>Whether a request brings the cookie of a reader.</summary>
    public bool Knows(StringValues cookies, DateTimeOffset now)
    {
        foreach (var header in cookies)
        {
            var rest = header.AsSpan();
            while (rest.IndexOf(_cookie, StringComparison.Ordinal) is >= 0 and var at)
            {
                rest = rest[(at + _cookie.Length)..];
                var end = rest.IndexOf(';');
                if (IsGood(end < 0 ? rest : rest[..end], now))
                    return true;
            }
        }
        return false;
    }

    private bool IsGood(ReadOnlySpan<char> signed, DateTimeOffset now)
    {
        if (_seen.TryGetValue(signed, out var until))
            return now.UtcTicks < until;
        if (signed.Length > ReaderProof.MaxLength || ReaderProof.Read(signed.ToString(), Rule.Key) is not { } proof || !Rule.Admits(proof, now))
            return false;
        if (_known.Count >= MostKnown)
            _known.Clear();
        _seen[signed] = proof.Until.UtcTicks;
        return true;
    }

    /// <summary>The token that a request brings, in its header or in its address; null when it brings none that is good.</summary>
    public int? TokenOf(HttpRequest request)
    {
        foreach (var value in request.Headers.Authorization)
            if (value?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true && Find(value[Bearer.Length..].Trim()) is { } sent)
                return sent;
        return request.QueryString.HasValue && request.Query.TryGetValue(Doorkeeper.Token, out var typed) ? Find(typed.ToString()) : null;
    }

    private int? Find(string token) => token.Length is > 0 and <= MaxToken && _tokens.TryGetValue(ApiKey.HashOf(token), out var id) ? id : null;
}
