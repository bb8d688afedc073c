using System.Globalization;
using System.Net;
using System.Text;
using StatusPage.Domain;
using StatusPage.Domain.Components;

namespace StatusPage.Web.Public.Badges;

public enum BadgeStyle
{
    Flat,
    FlatSquare,
    Plastic,
    ForTheBadge,
}

/// <summary>Label left, message right, in the shapes that shields.io made familiar: the same measures, gradients and shadows, to the pixel.</summary>
/// <param name="Colour">A name or hexadecimal digits.</param>
public sealed record Badge(string Label, string Message, string Colour, BadgeStyle Style = BadgeStyle.Flat, string LabelColour = BadgeColour.Label)
{
    private const string Family = "Verdana,Geneva,DejaVu Sans,sans-serif";

    /// <summary>Pixels on either side of the words.</summary>
    private const int Padding = 5;
    private const int WidePadding = 12;
    private const double LetterSpacing = 1.25;

    /// <summary>Pixels of the icon, and with the space behind it, as at shields.io.</summary>
    private const int IconSide = 14;
    private const int IconRoom = IconSide + 3;

    /// <summary>A picture before the label, as a data: address; null without one.</summary>
    public string? Icon { get; init; }

    public static Badge Of(string label, ComponentStatus status) => new(label, status.Label().ToLowerInvariant(), BadgeColour.NameOf(status));

    /// <summary>For a component that does not exist; a broken picture would say less.</summary>
    public static Badge Unknown { get; } = new("status", "not found", "lightgrey");

    /// <summary>The colour of a state on a light background, as mails and icons show it.</summary>
    public static string ColourOf(ComponentStatus status) =>
        status switch
        {
            ComponentStatus.Operational => "#2a8a3e",
            ComponentStatus.UnderMaintenance => "#1768b8",
            ComponentStatus.DegradedPerformance => "#8f6400",
            ComponentStatus.PartialOutage => "#bd4d0e",
            _ => "#c0362c",
        };

    public static BadgeStyle? Parse(string? style) =>
        style switch
        {
            "flat" => BadgeStyle.Flat,
            "flat-square" => BadgeStyle.FlatSquare,
            "plastic" => BadgeStyle.Plastic,
            "for-the-badge" => BadgeStyle.ForTheBadge,
            _ => null,
        };

    /// <summary>Cleans the texts first: a label may come from an address, and a name from a store that an older release wrote.</summary>
    public byte[] Draw()
    {
        var shown = this with { Label = Text.Shown(Label, allowed: ""), Message = Text.Shown(Message, allowed: "") };
        return Encoding.UTF8.GetBytes(Style == BadgeStyle.ForTheBadge ? shown.DrawWide() : shown.DrawSmall());
    }

    private string DrawSmall()
    {
        var (labelWidth, messageWidth) = (OddWidth(Label), OddWidth(Message));
        var hasLabel = Label.Length > 0;
        var room = Icon is null ? 0 : IconRoom;
        var left = hasLabel ? labelWidth + 2 * Padding + room : 0;
        var right = messageWidth + 2 * Padding + (hasLabel ? 0 : room);
        var (height, raise) = Style == BadgeStyle.Plastic ? (18, -10) : (20, 0);
        var (colour, labelColour) = (BadgeColour.Find(Colour) ?? BadgeColour.LightGrey, BadgeColour.Find(LabelColour) ?? BadgeColour.Label);
        var total = left + right;
        var rects = string.Create(
            CultureInfo.InvariantCulture,
            $"""<rect width="{left}" height="{height}" fill="{labelColour}"/><rect x="{left}" width="{right}" height="{height}" fill="{colour}"/>"""
        );
        var shadowed = Style != BadgeStyle.FlatSquare;
        var blur = shadowed ? """<filter id="blur"><feGaussianBlur stdDeviation="16"/></filter>""" : "";
        var ground =
            blur
            + Style switch
            {
                BadgeStyle.FlatSquare => $"""<g shape-rendering="crispEdges">{rects}</g>""",
                BadgeStyle.Plastic => string.Create(
                    CultureInfo.InvariantCulture,
                    $"""<linearGradient id="s" x2="0" y2="100%"><stop offset="0" stop-color="#fff" stop-opacity=".7"/>"""
                        + $"""<stop offset=".1" stop-color="#aaa" stop-opacity=".1"/><stop offset=".9" stop-color="#000" stop-opacity=".3"/>"""
                        + $"""<stop offset="1" stop-color="#000" stop-opacity=".5"/></linearGradient>"""
                        + $"""<clipPath id="r"><rect width="{total}" height="18" rx="4"/></clipPath>"""
                        + $"""<g clip-path="url(#r)">{rects}<rect width="{total}" height="18" fill="url(#s)"/></g>"""
                ),
                _ => string.Create(
                    CultureInfo.InvariantCulture,
                    $"""<linearGradient id="s" x2="0" y2="100%"><stop offset="0" stop-color="#bbb" stop-opacity=".1"/>"""
                        + $"""<stop offset="1" stop-opacity=".1"/></linearGradient>"""
                        + $"""<clipPath id="r"><rect width="{total}" height="20" rx="3"/></clipPath>"""
                        + $"""<g clip-path="url(#r)">{rects}<rect width="{total}" height="20" fill="url(#s)"/></g>"""
                ),
            };
        // In tenths of a pixel, as shields.io places its words.
        var words =
            (hasLabel ? Words(Label, 10 * (Padding + 1 + room) + 5 * labelWidth, labelWidth, labelColour) : "")
            + Words(Message, 10 * (left - (hasLabel ? 1 : -room) + Padding) + 5 * messageWidth, messageWidth, colour);
        return Frame(
            total,
            height,
            $"""{ground}<g fill="#fff" text-anchor="middle" font-family="{Family}" text-rendering="geometricPrecision" font-size="110">{words}</g>"""
                + Mark(Padding, (height - IconSide) / 2)
        );

        string Words(string text, int x, int width, string on)
        {
            var (ink, shadow) = BadgeColour.On(on);
            var place = $"""x="{x}" y="{150 + raise}" textLength="{width * 10}" """;
            var under = shadowed
                ? $"""<g aria-hidden="true" fill="{shadow}"><text {place}fill-opacity=".8" filter="url(#blur)">{Html(text)}</text>"""
                    + $"""<text {place}fill-opacity=".3">{Html(text)}</text></g>"""
                : "";
            return $"""<g transform="scale(.1)">{under}<text x="{x}" y="{140 + raise}" fill="{ink}" textLength="{width * 10}">{Html(text)}</text></g>""";
        }
    }

    private string DrawWide()
    {
        var (label, message) = (Upper(Label), Upper(Message));
        var labelWidth = Math.Floor(BadgeFont.WidthOf(label, 10)) + LetterSpacing * label.Length;
        var messageWidth = Math.Floor(BadgeFont.WidthOf(message, 10, bold: true)) + LetterSpacing * message.Length;
        var room = Icon is null ? 0 : IconRoom;
        var left = label.Length > 0 ? labelWidth + 2 * WidePadding + room : 0;
        var right = messageWidth + 2 * WidePadding + (label.Length > 0 ? 0 : room);
        var (colour, labelColour) = (BadgeColour.Find(Colour) ?? BadgeColour.LightGrey, BadgeColour.Find(LabelColour) ?? BadgeColour.Label);
        var words =
            (
                label.Length > 0
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"""<text transform="scale(.1)" x="{10 * (WidePadding + room + labelWidth / 2):0.##}" y="175" """
                            + $"""textLength="{10 * labelWidth:0.##}" fill="{BadgeColour.On(labelColour).Text}">{Html(label)}</text>"""
                    )
                    : ""
            )
            + string.Create(
                CultureInfo.InvariantCulture,
                $"""<text transform="scale(.1)" x="{10 * (left + WidePadding + (label.Length > 0 ? 0 : room) + messageWidth / 2):0.##}" y="175" """
                    + $"""textLength="{10 * messageWidth:0.##}" fill="{BadgeColour.On(colour).Text}" font-weight="bold">{Html(message)}</text>"""
            );
        return Frame(
            left + right,
            28,
            string.Create(
                CultureInfo.InvariantCulture,
                $"""<g shape-rendering="crispEdges"><rect width="{left:0.##}" height="28" fill="{labelColour}"/>"""
                    + $"""<rect x="{left:0.##}" width="{right:0.##}" height="28" fill="{colour}"/></g>"""
                    + $"""<g fill="#fff" text-anchor="middle" font-family="{Family}" text-rendering="geometricPrecision" font-size="100">{words}</g>"""
            ) + Mark(WidePadding - 3, 7)
        );
    }

    private string Mark(int x, int y) =>
        Icon is null
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"""<image x="{x}" y="{y}" width="{IconSide}" height="{IconSide}" href="{Icon}"/>""");

    private string Frame(double width, int height, string content)
    {
        var says = Html(Label.Length > 0 ? $"{Label}: {Message}" : Message);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""<svg xmlns="http://www.w3.org/2000/svg" width="{width:0.##}" height="{height}" role="img" """
                + $"""aria-label="{says}"><title>{says}</title>{content}</svg>"""
        );
    }

    /// <summary>The invariant culture leaves "ß" as it is; in capitals it is two letters.</summary>
    private static string Upper(string text) => text.ToUpperInvariant().Replace("ß", "SS", StringComparison.Ordinal);

    /// <summary>Whole pixels, and odd, so that words in the middle stand on whole pixels.</summary>
    private static int OddWidth(string text) => (int)BadgeFont.WidthOf(text, 11) | 1;

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
