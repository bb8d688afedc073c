using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace StatusPage.Web.Hosting;

/// <summary>Bodies that nothing here can read: the sender's mistake, never a failure of ours.</summary>
public static class UnreadableForm
{
    /// <summary>
    /// Whether an exception came from reading a request's form, which any code that asks for a field may be the first to do: too many fields, a broken
    /// part, or a part in an encoding that .NET does not read.
    /// </summary>
    public static bool Is(HttpContext context, Exception exception) =>
        exception is InvalidDataException or NotSupportedException or DecoderFallbackException or IOException and not FileNotFoundException
        && context.Request.HasFormContentType
        && context.Features.Get<IFormFeature>()?.Form is null;

    /// <summary>Refuses a charset that .NET knows but no longer reads (UTF-7, as SYSLIB0001 says): asking for its encoding would throw.</summary>
    public static void UseReadableBodies(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                if (context.Request.ContentType is not { } type || !type.Contains("charset", StringComparison.OrdinalIgnoreCase) || IsReadable(type))
                    return next(context);
                context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
                return Failures.RefuseAsync(context, "Send the body in UTF-8.");
            }
        );

    private static bool IsReadable(string type)
    {
        try
        {
            // An unknown encoding is null, and read as UTF-8.
            _ = MediaTypeHeaderValue.TryParse(type, out var media) ? media.Encoding : null;
            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }
}
