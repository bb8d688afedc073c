using System.Globalization;
using System.Text;
using StatusPage.Domain;
using StatusPage.Domain.Destinations;
using StatusPage.Domain.Postmortems;

namespace StatusPage.Web.Destinations.Writing;

/// <summary>The text of an issue for an action item. Names in it call nobody, as they are not names of that site.</summary>
internal static class IssueBody
{
    private const string Special = "\\`*_{}[]<>#|~";

    /// <param name="most">Characters.</param>
    public static string Write(ItemDocument document, DestinationRef reference, int most)
    {
        var item = document.Item;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"From the postmortem of [{Escape(document.IncidentTitle)}]({document.IncidentUrl}).\n");
        if (item.Finding is { } finding)
            text.Append(CultureInfo.InvariantCulture, $"\n- Finding: {Escape(finding)}");
        if (item.Owner is { } owner)
            text.Append(CultureInfo.InvariantCulture, $"\n- Owner: {Escape(owner)}");
        if (item.DueOn is { } due)
            text.Append(CultureInfo.InvariantCulture, $"\n- Due: {due:yyyy-MM-dd}");
        text.Append(CultureInfo.InvariantCulture, $"\n- Priority: {item.Priority.ToString().ToLowerInvariant()}");
        var marker = $"\n\n{reference.HiddenMarker}";
        return Text.Cut(text.ToString(), most - marker.Length) + marker;
    }

    /// <summary>An @ that would call somebody is followed by something that cannot be seen. One in an address calls nobody.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            if (Special.Contains(text[i], StringComparison.Ordinal))
                escaped.Append('\\');
            escaped.Append(text[i]);
            if (text[i] == '@' && (i == 0 || !char.IsLetterOrDigit(text[i - 1])))
                escaped.Append('\u200b');
        }
        return escaped.ToString();
    }
}
