using System.Globalization;
using StatusPage.Domain;

namespace StatusPage.Web.Alerts.Sources;

/// <summary>Instants as the sources write them. One that cannot be read, or lies outside of <see cref="Instants"/>, is none.</summary>
internal static class PayloadTime
{
    /// <summary>Digits behind the second that a tick can tell apart; Go writes nine.</summary>
    private const int MostDigits = 7;

    /// <summary>RFC 3339, and what FireHydrant writes: 2023-07-25 13:34:49 UTC (docs.firehydrant.com/docs/webhooks).</summary>
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mm:ss 'UTC'"];

    private const DateTimeStyles AsUtc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    public static DateTimeOffset? Parse(string? text)
    {
        if (text?.Trim() is not { Length: > 0 } words)
            return null;
        DateTimeOffset? instant = null;
        if (long.TryParse(words, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            instant = SinceEpoch(count);
        else if (DateTimeOffset.TryParseExact(Shortened(words), Formats, CultureInfo.InvariantCulture, AsUtc, out var read))
            instant = read;
        return instant is { } at && Instants.Contain(at) ? at : null;
    }

    /// <summary>Seconds, milliseconds, microseconds or nanoseconds since 1970: the first of them that does not lead beyond our time.</summary>
    private static DateTimeOffset? SinceEpoch(long count)
    {
        foreach (var inOneSecond in (ReadOnlySpan<long>)[1, 1_000, 1_000_000, 1_000_000_000])
            if (count / inOneSecond <= Instants.Latest.ToUnixTimeSeconds())
                return DateTimeOffset.FromUnixTimeSeconds(count / inOneSecond).AddTicks(count % inOneSecond * TimeSpan.TicksPerSecond / inOneSecond);
        return null;
    }

    private static string Shortened(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
            return text;
        var end = dot + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return end - dot - 1 <= MostDigits ? text : text[..(dot + 1 + MostDigits)] + text[end..];
    }
}
