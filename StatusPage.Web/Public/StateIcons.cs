using System.Text;
using StatusPage.Domain.Components;

namespace StatusPage.Web.Public;

/// <summary>Each state's mark: a shape of its own, so that states can be told apart without colours. Drawn in a square of 16.</summary>
public static class StateIcons
{
    public static string PathOf(ComponentStatus status) =>
        status switch
        {
            ComponentStatus.Operational => "M2.5 8.5l3.5 3.5 7.5-8",
            ComponentStatus.DegradedPerformance => "M2.5 8h11",
            ComponentStatus.PartialOutage => "M8 2l6.5 11.5h-13zM8 6.5v3.2M8 11.6v.1",
            ComponentStatus.MajorOutage => "M3 3l10 10M13 3L3 13",
            _ => "M13.6 4.2l-2.3 2.2-1.7-1.7 2.2-2.3a3.6 3.6 0 0 0-4.6 4.6L2.6 11.6a1.3 1.3 0 0 0 1.8 1.8l4.6-4.6a3.6 3.6 0 0 0 4.6-4.6z",
        };

    /// <summary>The page's icon in the browser: the mark on the state's colour.</summary>
    public static byte[] Favicon(ComponentStatus status) =>
        Encoding.UTF8.GetBytes(
            $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" """
                + $"""fill="{Badges.Badge.ColourOf(status)}"/><g transform="translate(3.200 3.200) scale(.6)"><path d="{PathOf(status)}" """
                + """fill="none" stroke="#fff" stroke-width="2.600" stroke-linecap="round" stroke-linejoin="round"/></g></svg>"""
        );

    /// <summary>The icon of a private page for strangers: a lock, which tells no state.</summary>
    public const string Locked = "/assets/locked.svg";
    public const string LockedIcon =
        """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#57606a"/><g transform="translate(3.2 3.2) """
        + """scale(.6)"><path d="M3 7h10v7H3zM5 7V5a3 3 0 0 1 6 0v2" fill="none" stroke="#fff" stroke-width="2" stroke-linejoin="round"/></g></svg>""";

    /// <summary>One address for each state, so that a browser that keeps icons shows the right one at once.</summary>
    public static string AddressOf(ComponentStatus status) => $"/assets/state-{status.Code()}.svg";
}
