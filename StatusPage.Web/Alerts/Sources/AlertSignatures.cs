using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StatusPage.Domain.Alerts;

namespace StatusPage.Web.Alerts.Sources;

/// <summary>Whether a delivery comes from who knows the secret.</summary>
public enum AlertProof
{
    Good,

    /// <summary>There is no proof in it at all.</summary>
    Missing,
    Wrong,

    /// <summary>It was right once: somebody sends it again, or a clock is wrong.</summary>
    TooOld,
}

/// <summary>
/// The proofs of the sources, checked over the bytes as they came and compared in a time that tells nothing. PagerDuty:
/// developer.pagerduty.com/docs/webhooks/webhook-signatures. FireHydrant: docs.firehydrant.com/docs/webhooks. Grafana:
/// grafana.com/docs/grafana/latest/alerting, webhook notifier, "HMAC signature". The others send what they are told to: a bearer token, or the secret as
/// the password of HTTP basic.
/// </summary>
public static class AlertSignatures
{
    public const string PagerDutyHeader = "X-PagerDuty-Signature";
    public const string FireHydrantHeader = "fh-signature";
    public const string GrafanaHeader = "X-Grafana-Alerting-Signature";

    /// <summary>The set-up tells people to name it so; Grafana has no name for it by itself.</summary>
    public const string GrafanaTimestampHeader = "X-Grafana-Alerting-Timestamp";

    /// <summary>How far the two clocks may be apart, either way.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private const string PagerDutyVersion = "v1=";

    /// <param name="secrets">Those that are valid now; an empty one proves nothing.</param>
    /// <param name="grafanaTimestampHeader">As Grafana's contact point names it.</param>
    public static AlertProof Check(
        AlertSourceKind kind,
        IHeaderDictionary headers,
        ReadOnlySpan<byte> body,
        IReadOnlyList<string> secrets,
        DateTimeOffset now,
        string grafanaTimestampHeader = GrafanaTimestampHeader
    ) =>
        kind switch
        {
            AlertSourceKind.PagerDuty => CheckPagerDuty($"{headers[PagerDutyHeader]}", body, secrets),
            AlertSourceKind.FireHydrant => CheckHex($"{headers[FireHydrantHeader]}", "", body, secrets),
            AlertSourceKind.Grafana when headers.ContainsKey(GrafanaHeader) => CheckGrafana(headers, grafanaTimestampHeader, body, secrets, now),
            _ => CheckAuthorization($"{headers.Authorization}", secrets),
        };

    /// <summary>While a secret is changed there are several signatures, "v1=…,v1=…"; one that is right is enough.</summary>
    private static AlertProof CheckPagerDuty(string header, ReadOnlySpan<byte> body, IReadOnlyList<string> secrets)
    {
        if (header.Length == 0)
            return AlertProof.Missing;
        var claims = header
            .Split(',', StringSplitOptions.TrimEntries)
            .Where(claim => claim.StartsWith(PagerDutyVersion, StringComparison.Ordinal))
            .Select(claim => Bytes(claim[PagerDutyVersion.Length..]))
            .ToList();
        return IsSigned(claims, "", body, secrets) ? AlertProof.Good : AlertProof.Wrong;
    }

    private static AlertProof CheckGrafana(
        IHeaderDictionary headers,
        string timestampHeader,
        ReadOnlySpan<byte> body,
        IReadOnlyList<string> secrets,
        DateTimeOffset now
    )
    {
        var signature = $"{headers[GrafanaHeader]}";
        if (!headers.TryGetValue(timestampHeader, out var value))
            return CheckHex(signature, "", body, secrets);
        if (!long.TryParse($"{value}", NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return AlertProof.Wrong;
        var proof = CheckHex(signature, $"{value}:", body, secrets);
        var isOld = Math.Abs(now.ToUnixTimeSeconds() - seconds) > Patience.TotalSeconds;
        return proof == AlertProof.Good && isOld ? AlertProof.TooOld : proof;
    }

    private static AlertProof CheckHex(string claim, string before, ReadOnlySpan<byte> body, IReadOnlyList<string> secrets) =>
        claim.Length == 0 ? AlertProof.Missing
        : IsSigned([Bytes(claim)], before, body, secrets) ? AlertProof.Good
        : AlertProof.Wrong;

    /// <summary>
    /// Whether one of the claims is the HMAC-SHA256 by one of the secrets. However many are claimed, the body is hashed once for each secret.
    /// </summary>
    /// <param name="before">What is signed in front of the body.</param>
    private static bool IsSigned(IReadOnlyList<byte[]> claims, string before, ReadOnlySpan<byte> body, IReadOnlyList<string> secrets)
    {
        var isRight = false;
        foreach (var secret in secrets.Where(secret => secret.Length > 0))
        {
            using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
            hash.AppendData(Encoding.UTF8.GetBytes(before));
            hash.AppendData(body);
            var expected = hash.GetHashAndReset();
            foreach (var claim in claims)
                isRight |= CryptographicOperations.FixedTimeEquals(expected, claim);
        }
        return isRight;
    }

    /// <summary>Bearer (RFC 6750), or basic (RFC 7617) with the secret as the password and any name.</summary>
    private static AlertProof CheckAuthorization(string header, IReadOnlyList<string> secrets)
    {
        if (header.Length == 0)
            return AlertProof.Missing;
        var claimed =
            header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim()
            : header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) ? PasswordOf(header["Basic ".Length..].Trim())
            : "";
        var isRight = false;
        // Of two digests, nobody learns how long the secret is.
        foreach (var secret in secrets.Where(secret => secret.Length > 0))
            isRight |= CryptographicOperations.FixedTimeEquals(Digest(secret), Digest(claimed));
        return isRight ? AlertProof.Good : AlertProof.Wrong;
    }

    /// <summary>Nothing where it is no hexadecimal; nothing equals no signature.</summary>
    private static byte[] Bytes(string hex)
    {
        var bytes = new byte[HMACSHA256.HashSizeInBytes];
        return hex.Length == 2 * bytes.Length && Convert.FromHexString(hex, bytes, out _, out _) == OperationStatus.Done ? bytes : [];
    }

    private static string PasswordOf(string credentials)
    {
        var bytes = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, bytes, out var length))
            return "";
        var pair = Encoding.UTF8.GetString(bytes.AsSpan(0, length));
        return pair.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? pair[(colon + 1)..] : "";
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
