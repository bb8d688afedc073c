using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;
using StatusPage.Web.StatusApi;

namespace StatusPage.Web.Hosting;

/// <summary>The only handler for unforeseen exceptions, and for outages of the store.</summary>
public static partial class Failures
{
    public const string UnavailablePath = "/admin/unavailable";

    public static void Handle(IApplicationBuilder handler) =>
        handler.Run(async context =>
        {
            SecurityHeaders.SetAgain(context);
            var failure = context.Features.GetRequiredFeature<IExceptionHandlerPathFeature>();
            var outage = StoreSetup.IsOutage(failure.Error);
            if (failure.Error is BadHttpRequestException bad)
                context.Response.StatusCode = bad.StatusCode;
            else if (UnreadableForm.Is(context, failure.Error))
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
            else if (!outage && StoreSetup.IsConflict(failure.Error))
                context.Response.StatusCode = StatusCodes.Status409Conflict;
            else
                context.Response.StatusCode = outage ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError;
            var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Failures));
            if (context.Response.StatusCode == StatusCodes.Status500InternalServerError)
                Log.Unforeseen(logger, failure.Endpoint?.DisplayName ?? "no endpoint", failure.Error);
            if (outage)
            {
                context.Response.Headers.RetryAfter = "5";
                context.RequestServices.GetRequiredService<StoreHealth>().Failed(failure.Error);
            }
            await ShowAsync(context, failure, outage);
        });

    private static async Task ShowAsync(HttpContext context, IExceptionHandlerPathFeature failure, bool outage)
    {
        context.Response.Headers.CacheControl = "no-store";
        var message = (outage, context.Response.StatusCode) switch
        {
            (true, _) => $"{(StoreFault.Of(failure.Error) ?? StoreFault.Away).Cause} {Fate(context)}",
            (_, StatusCodes.Status409Conflict) =>
                "Somebody else changed this at the same moment, so nothing was done. Look at what is new, then try again.",
            (_, StatusCodes.Status413PayloadTooLarge) => "The request is larger than is taken at this address.",
            (_, < 500) => "The request could not be read.",
            _ => "Something went wrong on our side. It was logged; please try again.",
        };
        if (ApiErrors.IsApi(failure.Path))
            await ApiErrors.WriteAsync(context, context.Response.StatusCode, message);
        else
            await context.RequestServices.GetRequiredService<UnavailablePage>().WriteAsync(context, message);
    }

    private static string Fate(HttpContext context) =>
        WrittenSoFar.By(context) switch
        {
            Written.Nothing => "Nothing was saved. Try again in a moment.",
            Written.Maybe =>
                "That happened while this was saved, so nobody knows whether it was. Sent again, from the same form or under the same Idempotency-Key, "
                    + "it counts once.",
            _ => "This was saved, though not everything behind it may be done. Look at what is there before you send it again.",
        };

    /// <summary>Logs an unforeseen exception where other code gives the answer, such as a form that keeps what was typed.</summary>
    public static void Report(HttpContext context, Exception exception) =>
        Log.Unforeseen(
            context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Failures)),
            context.GetEndpoint()?.DisplayName ?? "no endpoint",
            exception
        );

    /// <summary>Answers with a short message in the form that a program or a person reads; the status is set already.</summary>
    public static Task RefuseAsync(HttpContext context, string message)
    {
        if (ApiErrors.IsApi(context.Request.Path))
            return ApiErrors.WriteAsync(context, context.Response.StatusCode, message);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(message, context.RequestAborted);
    }

    private static partial class Log
    {
        [LoggerMessage(130, LogLevel.Error, "{Endpoint} failed.")]
        public static partial void Unforeseen(ILogger logger, string endpoint, Exception exception);
    }
}
