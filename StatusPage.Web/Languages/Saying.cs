using Microsoft.AspNetCore.Mvc.RazorPages;
using StatusPage.Domain;

namespace StatusPage.Web.Languages;

/// <summary>How pages say what happened, in the language of who reads it.</summary>
public static class Saying
{
    /// <summary>The words of a request's reader.</summary>
    public static Words Words(this HttpContext context) => context.RequestServices.GetRequiredService<Words>();

    /// <summary>Shows what is wrong at the field it belongs to, or on top of the form.</summary>
    /// <param name="key">The field's name in the form; null: as each rule says, the others of the same request included.</param>
    public static void Refuse(this PageModel page, RuleViolation violation, string? key = null)
    {
        foreach (var rule in key is null ? violation.All : [violation])
            page.ModelState.AddModelError(key ?? KeyOf(rule.Field, page.Request) ?? rule.Field ?? "", page.HttpContext.Words()[rule.Sentence]);
    }

    /// <summary>The field's name in the form: the shortest key that is the name, or ends with it; null where no form was sent.</summary>
    private static string? KeyOf(string? field, HttpRequest request) =>
        field is null || !request.HasFormContentType
            ? null
            : request
                .Form.Keys.Concat(request.Form.Files.Select(file => file.Name))
                .Where(key => key == field || key.EndsWith($".{field}", StringComparison.Ordinal) || key.EndsWith($"[{field}]", StringComparison.Ordinal))
                .MinBy(key => key.Length);
}
