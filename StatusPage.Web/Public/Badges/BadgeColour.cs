using System.Globalization;
using System.Text.RegularExpressions;
using StatusPage.Domain.Components;

namespace StatusPage.Web.Public.Badges;

/// <summary>The colours that shields.io knows by name, and those in hexadecimal.</summary>
public static partial class BadgeColour
{
    /// <summary>The colour behind a label, unless another is asked for.</summary>
    public const string Label = "#555";

    /// <summary>Above this brightness, dark letters read better than white ones; shields.io's own badges do the same.</summary>
    private const double Bright = 0.69;

    public const string LightGrey = "#939393";

    /// <summary>The palette of shields.io's badge-maker since 6.0, which reads better than the one before.</summary>
    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["brightgreen"] = "#4b0",
        ["green"] = "#67ac09",
        ["yellow"] = "#d8b800",
        ["yellowgreen"] = "#95991a",
        ["orange"] = "#ea7233",
        ["red"] = "#dd4343",
        ["blue"] = "#007ec6",
        ["grey"] = "#555",
        ["gray"] = "#555",
        ["lightgrey"] = LightGrey,
        ["lightgray"] = LightGrey,
        ["success"] = "#4b0",
        ["important"] = "#ea7233",
        ["critical"] = "#dd4343",
        ["informational"] = "#007ec6",
        ["inactive"] = LightGrey,
        ["black"] = "#000000",
        ["white"] = "#ffffff",
        ["purple"] = "#800080",
        ["navy"] = "#000080",
        ["teal"] = "#008080",
        ["maroon"] = "#800000",
        ["olive"] = "#808000",
        ["pink"] = "#ffc0cb",
        ["gold"] = "#ffd700",
    };

    public static string NameOf(ComponentStatus status) =>
        status switch
        {
            ComponentStatus.Operational => "brightgreen",
            ComponentStatus.UnderMaintenance => "blue",
            ComponentStatus.DegradedPerformance => "yellow",
            ComponentStatus.PartialOutage => "orange",
            _ => "red",
        };

    /// <summary>The more nines, the greener.</summary>
    public static string NameOfUptime(double percent) =>
        percent switch
        {
            >= 99.9 => "brightgreen",
            >= 99 => "green",
            >= 98 => "yellowgreen",
            >= 95 => "yellow",
            >= 90 => "orange",
            _ => "red",
        };

    /// <summary>The colour as it is drawn. Null for a text that is no colour; it is ignored, as shields.io does.</summary>
    public static string? Find(string? name) =>
        name is null ? null
        : Names.TryGetValue(name, out var known) ? known
        : Hex().Match(name) is { Success: true } hex ? "#" + hex.Groups[1].Value.ToLowerInvariant()
        : null;

    /// <summary>The colours of the letters and of their shadow.</summary>
    public static (string Text, string Shadow) On(string colour)
    {
        var hex = colour[1..];
        if (hex.Length == 3)
            hex = string.Concat(hex.Select(digit => $"{digit}{digit}"));
        var rgb = int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var brightness = ((rgb >> 16 & 255) * 299 + (rgb >> 8 & 255) * 587 + (rgb & 255) * 114) / 255000.0;
        return brightness <= Bright ? ("#fff", "#010101") : ("#333", "#ccc");
    }

    [GeneratedRegex("^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})\\z", RegexOptions.NonBacktracking)]
    private static partial Regex Hex();
}
