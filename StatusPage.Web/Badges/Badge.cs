using System.Globalization;
using System.Net;
using System.Text;
using StatusPage.Domain.Components;

namespace StatusPage.Web.Badges;

/// <summary>A flat badge, label left and state right, in the shape that shields.io made familiar.</summary>
public static class Badge
{
    /// <summary>Widths in tenths of a pixel of the characters from space to tilde in Verdana 11 px, the font of the drawing.</summary>
    private static readonly byte[] Widths =
    [
        39, 43, 50, 90, 70, 118, 80, 30, 50, 50, 70, 90, 40, 50, 40, 50, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 50, 50, 90, 90, 90, 60,
        110, 75, 75, 77, 85, 70, 63, 85, 83, 46, 50, 76, 61, 93, 82, 87, 66, 87, 76, 75, 68, 81, 75, 109, 75, 68, 75, 50, 50, 50, 90, 70,
        70, 66, 69, 57, 69, 66, 39, 69, 70, 30, 38, 65, 30, 107, 70, 67, 69, 69, 47, 57, 43, 70, 65, 90, 65, 65, 58, 70, 50, 70, 90,
    ];

    private const int WideCharacter = 110;
    private const int Padding = 10;

    public static byte[] Of(string label, ComponentStatus status) => Draw(label, status.Label().ToLowerInvariant(), ColourOf(status));

    /// <summary>For a component that is not there: a broken picture would say less.</summary>
    public static readonly byte[] Unknown = Draw("status", "not found", "#6a737d");

    public static string ColourOf(ComponentStatus status) => status switch
    {
        ComponentStatus.Operational => "#2a8a3e",
        ComponentStatus.UnderMaintenance => "#1768b8",
        ComponentStatus.DegradedPerformance => "#8f6400",
        ComponentStatus.PartialOutage => "#bd4d0e",
        _ => "#c0362c",
    };

    private static byte[] Draw(string label, string message, string colour)
    {
        var left = Width(label) + Padding;
        var right = Width(message) + Padding;
        var (safeLabel, safeMessage) = (WebUtility.HtmlEncode(label), WebUtility.HtmlEncode(message));
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" aria-label="{safeLabel}: {safeMessage}"><title>{safeLabel}: {safeMessage}</title><linearGradient id="s" x2="0" y2="100%"><stop offset="0" stop-color="#bbb" stop-opacity=".1"/><stop offset="1" stop-opacity=".1"/></linearGradient><clipPath id="r"><rect width="{left + right}" height="20" rx="3" fill="#fff"/></clipPath><g clip-path="url(#r)"><rect width="{left}" height="20" fill="#555"/><rect x="{left}" width="{right}" height="20" fill="{colour}"/><rect width="{left + right}" height="20" fill="url(#s)"/></g><g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" text-rendering="geometricPrecision" font-size="110">{Words(left / 2.0, left - Padding, safeLabel)}{Words(left + right / 2.0 - 1, right - Padding, safeMessage)}</g></svg>
            """));
    }

    private static string Words(double middle, int width, string text) => string.Create(CultureInfo.InvariantCulture,
        $"""<text aria-hidden="true" x="{middle * 10:0}" y="150" fill="#010101" fill-opacity=".3" transform="scale(.1)" textLength="{width * 10}">{text}</text><text x="{middle * 10:0}" y="140" transform="scale(.1)" textLength="{width * 10}">{text}</text>""");

    /// <summary>Whole pixels.</summary>
    private static int Width(string text)
    {
        var tenths = 0;
        foreach (var rune in text.EnumerateRunes())
            tenths += rune.Value is >= ' ' and <= '~' ? Widths[rune.Value - ' '] : WideCharacter;
        return (tenths + 9) / 10;
    }
}
