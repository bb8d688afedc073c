using Microsoft.AspNetCore.Mvc.RazorPages;
using StatusPage.Domain;

namespace StatusPage.Web.Languages;

/// <summary>How pages say what happened, in the language of who reads it.</summary>
public static class Saying
{
    /// <summary>The words of a request's reader.</summary>
    public static Words Words(this HttpContext context) => context.RequestServices.GetRequiredService<Words>();

    /// <summary>Shows a broken rule at the field it belongs to, or on top of the form.</summary>
    /// <param name="key">The field's name in the form; null: as the rule says.</param>
    public static void Refuse(this PageModel page, RuleViolation violation, string? key = null) =>
        page.ModelState.AddModelError(key ?? violation.Field ?? "", page.HttpContext.Words()[violation.Sentence]);
}
