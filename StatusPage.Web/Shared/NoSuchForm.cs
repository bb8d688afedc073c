using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Shared;

/// <summary>Refuses what is sent to a form that the page does not have. Otherwise the page would be shown with nothing read for it.</summary>
public sealed class NoSuchForm : IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context) { }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (context.HandlerMethod is null && Origins.IsUnsafe(context.HttpContext.Request))
            context.Result = new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context) { }
}
