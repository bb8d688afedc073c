using System.Net;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Web.Shared;

/// <summary>What the tag helpers below do comes after the framework's own.</summary>
public abstract class FieldTagHelper : TagHelper
{
    public override int Order => 0;

    [HtmlAttributeNotBound]
    [ViewContext]
    public required ViewContext View { get; set; }

    protected static string IdOf(string key) => TagBuilder.CreateSanitizedId(key, "_");

    protected static string ErrorIdOf(string key) => $"{IdOf(key)}-error";

    protected string KeyOf(ModelExpression field) => View.ViewData.TemplateInfo.GetFullHtmlFieldName(field.Name);

    protected bool IsWrong(string key) => View.ModelState.GetFieldValidationState(key) == ModelValidationState.Invalid;
}

/// <summary>The summary on top of a form of the desk: everything that is wrong, each with a link to its field. The script goes to the first.</summary>
[HtmlTargetElement("div", Attributes = "asp-validation-summary")]
public sealed class ErrorSummaryTagHelper : FieldTagHelper
{
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (View.ViewData.Model is SubscriptionPage || View.ModelState.IsValid)
            return;
        output.TagName = "div";
        output.Attributes.SetAttribute("class", "validation-summary-errors");
        output.Attributes.SetAttribute("tabindex", "-1");
        output.PostContent.SetHtmlContent("<ul>");
        // In the order of the form, as browsers send it.
        var request = View.HttpContext.Request;
        List<string> order = request.HasFormContentType ? [.. request.Form.Keys] : [];
        foreach (var (key, entry) in View.ModelState.OrderBy(entry => order.IndexOf(entry.Key) is var at and >= 0 ? at : order.Count))
        foreach (var error in entry?.Errors ?? [])
        {
            var message = WebUtility.HtmlEncode(error.ErrorMessage);
            output.PostContent.AppendHtml(
                key.Length == 0 ? $"<li>{message}</li>" : $"<li><a href=\"#{IdOf(key)}\" data-field=\"{WebUtility.HtmlEncode(key)}\">{message}</a></li>"
            );
        }
        output.PostContent.AppendHtml("</ul>");
    }
}

/// <summary>Says what is wrong with a field to those who hear the page, and puts the cursor back after something was added.</summary>
[HtmlTargetElement("input", Attributes = "asp-for")]
[HtmlTargetElement("select", Attributes = "asp-for")]
[HtmlTargetElement("textarea", Attributes = "asp-for")]
public sealed class WrongFieldTagHelper : FieldTagHelper
{
    [HtmlAttributeName("asp-for")]
    public required ModelExpression For { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var key = KeyOf(For);
        if (View.ViewData.Model is AdminPage { Focus: { } focus } && focus == key)
            output.Attributes.SetAttribute("autofocus", "autofocus");
        if (!IsWrong(key))
            return;
        output.Attributes.SetAttribute("aria-invalid", "true");
        output.Attributes.SetAttribute("aria-describedby", ErrorIdOf(key));
    }
}

[HtmlTargetElement("span", Attributes = "asp-validation-for")]
public sealed class WrongFieldMessageTagHelper : FieldTagHelper
{
    [HtmlAttributeName("asp-validation-for")]
    public required ModelExpression For { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (IsWrong(KeyOf(For)))
            output.Attributes.SetAttribute("id", ErrorIdOf(KeyOf(For)));
    }
}
