using System.Globalization;
using System.Text.RegularExpressions;

namespace StatusPage.Domain.Alerts;

/// <summary>The metric behind an alert: the Prometheus that knows it, and what is asked there.</summary>
/// <param name="Query">PromQL, without the comparison that makes an alert of it.</param>
/// <param name="Threshold">What the alert compares with; null where it compares with no number.</param>
/// <param name="IsTooLow">Whether the alert fires below the threshold. Of several lines, the lowest is drawn then, otherwise the highest.</param>
public sealed partial record AlertChart(string Address, string Query, double? Threshold, bool IsTooLow)
{
    public const int MaxQueryLength = 1_000;

    /// <summary>The address is always the source's own: a link inside an alert does not decide whom the program calls.</summary>
    /// <param name="link">The alert's link; the one of Prometheus carries its expression.</param>
    public static AlertChart? Of(AlertSource source, AlertRule? rule, string? link) =>
        source.Prometheus is { } address && (rule?.ChartQuery ?? ExpressionIn(link)) is { } expression ? Of(address, expression) : null;

    public static AlertChart Of(string address, string expression)
    {
        // In "a or b > 5" the comparison belongs to b alone.
        if (
            !Joins().IsMatch(expression)
            && Comparison().Match(expression) is { Success: true } found
            && double.TryParse(found.Groups["number"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var threshold)
        )
            return new(address, found.Groups["what"].Value.Trim(), threshold, found.Groups["sign"].Value.StartsWith('<'));
        return new(address, expression, null, false);
    }

    /// <summary>One value for each moment.</summary>
    public string OneValue => $"{(IsTooLow ? "min" : "max")}({Query})";

    private static string? ExpressionIn(string? link)
    {
        if (!Uri.TryCreate(link, UriKind.Absolute, out var url))
            return null;
        foreach (var pair in url.Query.TrimStart('?').Split('&'))
            if (pair.StartsWith("g0.expr=", StringComparison.Ordinal))
            {
                var expression = Uri.UnescapeDataString(pair["g0.expr=".Length..].Replace('+', ' ')).Trim();
                return expression.Length is > 0 and <= MaxQueryLength ? expression : null;
            }
        return null;
    }

    [GeneratedRegex(
        @"\A(?<what>.*[^=!<>~\s])\s*(?<sign>==|!=|>=|<=|>|<)\s*(?<number>[-+]?[0-9.]+([eE][-+]?[0-9]+)?)\z",
        RegexOptions.NonBacktracking | RegexOptions.Singleline
    )]
    private static partial Regex Comparison();

    [GeneratedRegex(@"\b(and|or|unless)\b", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Joins();
}
