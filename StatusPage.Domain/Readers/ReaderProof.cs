using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StatusPage.Domain.Readers;

/// <summary>How somebody became a reader of a private page.</summary>
public enum ReaderRoad
{
    Password,

    /// <summary>By a mailed link, as the address is on the list.</summary>
    Listed,

    /// <summary>By a mailed link, as a confirmed subscriber.</summary>
    Subscriber,
    Provider,
}

/// <summary>What a reader's browser keeps: how they came, for how long it counts, and a signature under the key of the page.</summary>
/// <param name="About">The address; of a password its <see cref="AccessRule.PasswordMark"/>.</param>
public sealed record ReaderProof(ReaderRoad Road, DateTimeOffset Until, string About)
{
    public static readonly TimeSpan LastsFor = TimeSpan.FromDays(30);

    /// <summary>Characters of a signed proof with the longest address.</summary>
    public const int MaxLength = 600;

    public static ReaderProof Of(ReaderRoad road, string about, DateTimeOffset now) => new(road, now + LastsFor, about);

    public string Sign(byte[] key)
    {
        var said = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(int)Road}|{Until.ToUnixTimeSeconds()}|{About}"));
        return $"{Base64Url.EncodeToString(said)}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, said))}";
    }

    /// <returns>Null when it was not signed with this key.</returns>
    public static ReaderProof? Read(string text, byte[] key)
    {
        if (text.Length > MaxLength || text.Split('.') is not [var first, var second] || !Base64Url.IsValid(first) || !Base64Url.IsValid(second))
            return null;
        var said = Base64Url.DecodeFromChars(first);
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, said), Base64Url.DecodeFromChars(second)))
            return null;
        return
            Encoding.UTF8.GetString(said).Split('|', 3) is [var road, var until, var about]
            && Enum.TryParse(road, out ReaderRoad came)
            && long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? new(came, DateTimeOffset.FromUnixTimeSeconds(seconds), about)
            : null;
    }
}
