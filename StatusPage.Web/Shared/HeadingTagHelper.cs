using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace StatusPage.Web.Shared;

/// <summary>A heading whose level depends on where its part of a page stands.</summary>
[HtmlTargetElement("vc-heading")]
public sealed class HeadingTagHelper : TagHelper
{
    /// <summary>1 to 6.</summary>
    public int Level { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output) =>
        output.TagName = string.Create(CultureInfo.InvariantCulture, $"h{Level}");
}
