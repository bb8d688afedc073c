using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Shared;

/// <summary>
/// Shown when a page cannot do its work. A form that one of our own pages sent comes back with everything that was typed and a button that sends it again.
/// A form that another site sent does not come back, or two clicks would send it with the person's own token. The page is written by hand, as it must work
/// when almost nothing else does.
/// </summary>
public sealed class UnavailablePage(IAntiforgery antiforgery)
{
    public async Task WriteAsync(HttpContext context, string message)
    {
        var title = context.Response.StatusCode switch
        {
            StatusCodes.Status503ServiceUnavailable => "Nothing can be saved at the moment",
            StatusCodes.Status401Unauthorized => "You are not signed in any more",
            StatusCodes.Status400BadRequest => "This form has expired",
            StatusCodes.Status403Forbidden => "This came from elsewhere",
            StatusCodes.Status409Conflict => "Somebody else was faster",
            _ => "That did not work",
        };
        var html = new StringBuilder();
        html.Append(
            CultureInfo.InvariantCulture,
            $"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{title}</title><link rel="stylesheet" href="{Assets.AdminCss}"></head><body class="plain"><main>
            <h1>{title}</h1><p role="alert">{message}</p>
            """
        );
        if (await FormAsync(context) is { } form)
            AppendForm(html, context, form);
        else if (context.Response.StatusCode == StatusCodes.Status503ServiceUnavailable)
            html.Append("<p>The public page goes on with what it has. <a href=\"\">Try again</a></p>");
        html.Append("</main></body></html>");
        foreach (var (name, value) in SecurityHeaders.All)
            context.Response.Headers[name] = value;
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(html.ToString(), context.RequestAborted);
    }

    /// <summary>Null when no form was sent, when it cannot be read, or when nobody can tell who sent it.</summary>
    private static async Task<IFormCollection?> FormAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || !context.Request.HasFormContentType || !Origins.AreOwn(context))
            return null;
        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception exception) when (exception is BadHttpRequestException || UnreadableForm.Is(context, exception))
        {
            return null;
        }
    }

    private void AppendForm(StringBuilder html, HttpContext context, IFormCollection form)
    {
        var token = antiforgery.GetAndStoreTokens(context);
        html.Append("<p>What you typed is kept here. Nothing else is needed but to send it again.</p><form method=\"post\" action=\"\">");
        html.Append(CultureInfo.InvariantCulture, $"<input type=\"hidden\" name=\"{token.FormFieldName}\" value=\"{token.RequestToken}\">");
        foreach (var (name, values) in form)
        {
            if (name == token.FormFieldName || name.Contains("Password", StringComparison.OrdinalIgnoreCase))
                continue;
            foreach (var value in values)
                AppendField(html, WebUtility.HtmlEncode(name), value ?? "");
        }
        html.Append("<button>Try again</button></form>");
    }

    private static void AppendField(StringBuilder html, string name, string value)
    {
        var safe = WebUtility.HtmlEncode(value);
        var isText = value.Contains(' ', StringComparison.Ordinal) || value.Contains('\n', StringComparison.Ordinal);
        html.Append(
            isText
                ? $"<label>{name.Split('.')[^1]}<textarea name=\"{name}\" "
                    + $"rows=\"{Math.Min(12, value.Count(c => c == '\n') + 2)}\">\n{safe}</textarea></label>"
                : $"<input type=\"hidden\" name=\"{name}\" value=\"{safe}\">"
        );
    }
}
