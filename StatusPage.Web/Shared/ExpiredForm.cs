using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Core.Infrastructure;
using Microsoft.AspNetCore.Mvc.Filters;

namespace StatusPage.Web.Shared;

/// <summary>A form whose proof of origin is missing or old is refused, and comes back with everything that was typed.</summary>
public sealed class ExpiredForm(UnavailablePage page) : IAlwaysRunResultFilter
{
    public void OnResultExecuting(ResultExecutingContext context)
    {
        if (context.Result is IAntiforgeryValidationFailedResult)
            context.Result = new Answer(page);
    }

    public void OnResultExecuted(ResultExecutedContext context) { }

    private sealed class Answer(UnavailablePage page) : IActionResult
    {
        public Task ExecuteResultAsync(ActionContext context)
        {
            context.HttpContext.Response.StatusCode = StatusCodes.Status400BadRequest;
            return page.WriteAsync(
                context.HttpContext,
                "Nothing was saved: the form was open for too long, or cookies are switched off. Look at it once more, then send it again."
            );
        }
    }
}
