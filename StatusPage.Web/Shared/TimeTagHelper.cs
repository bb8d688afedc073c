using Microsoft.AspNetCore.Razor.TagHelpers;

namespace StatusPage.Web.Shared;

/// <summary>
/// An instant as an absolute time, with the machine's form beside it. The page's script adds the time left or gone, and the visitor's own zone in the
/// title. So the bytes do not change with the clock.
/// </summary>
[HtmlTargetElement("vc-time", TagStructure = TagStructure.WithoutEndTag)]
public sealed class TimeTagHelper : TagHelper
{
    public required DateTimeOffset At { get; set; }
    public required ZoneClock Clock { get; set; }

    /// <summary>True: the time of day alone.</summary>
    public bool Near { get; set; } = true;

    /// <summary>"left": the script adds "in 30 minutes" beside it; "ago": it adds "5 minutes ago". With these and with "at" it adds the reader's own time.</summary>
    public string? Rel { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "time";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("datetime", ZoneClock.Machine(At));
        if (Rel is not null)
            output.Attributes.SetAttribute("data-rel", Rel);
        // On a page that is read from the right, its parts would otherwise be put among the words around it.
        output.PreElement.SetHtmlContent("<bdi>");
        output.PostElement.SetHtmlContent("</bdi>");
        output.Content.SetContent(Near ? Clock.Time(At) : Clock.DateAndTime(At));
    }
}
