using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace StatusPage.Web.Hosting;

/// <summary>Bodies that no reader here takes: the sender's mistake, and never a failure of ours.</summary>
public static class UnreadableForm
{
    /// <summary>
    /// Whether an exception came of reading a request's form, which anybody who looks for a field may be the first to do: too many fields, a broken part,
    /// a part in an encoding that .NET does not read.
    /// </summary>
    public static bool Is(HttpContext context, Exception exception) =>
        exception is InvalidDataException or NotSupportedException or DecoderFallbackException or IOException and not FileNotFoundException
        && context.Request.HasFormContentType
        && context.Features.Get<IFormFeature>()?.Form is null;

    /// <summary>Refuses a charset that .NET knows and does not read any more (UTF-7, as SYSLIB0001 says): whoever asked for its encoding would throw.</summary>
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
            // An encoding that nobody knows is null, and read as UTF-8.
            _ = MediaTypeHeaderValue.TryParse(type, out var media) ? media.Encoding : null;
            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }
}
