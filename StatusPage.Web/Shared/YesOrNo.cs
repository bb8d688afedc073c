using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace StatusPage.Web.Shared;

/// <summary>
/// Reads a checkbox. A value that is neither yes nor no is an error on the form, as in the framework. But it is not kept as what was typed: a checkbox
/// cannot show it, and the form would fail instead of coming back.
/// </summary>
public sealed class YesOrNo : IModelBinder, IModelBinderProvider
{
    public IModelBinder? GetBinder(ModelBinderProviderContext context) => context.Metadata.UnderlyingOrModelType == typeof(bool) ? this : null;

    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        var given = bindingContext.ValueProvider.GetValue(bindingContext.ModelName);
        if (given == ValueProviderResult.None)
            return Task.CompletedTask;
        var state = bindingContext.ModelState;
        if (bool.TryParse(given.FirstValue, out var isYes))
        {
            state.SetModelValue(bindingContext.ModelName, given);
            bindingContext.Result = ModelBindingResult.Success(isYes);
        }
        else if (bindingContext.ModelMetadata.IsReferenceOrNullableType && string.IsNullOrEmpty(given.FirstValue))
            bindingContext.Result = ModelBindingResult.Success(null);
        else
        {
            state.SetModelValue(bindingContext.ModelName, new ValueProviderResult("false"));
            state.TryAddModelError(bindingContext.ModelName, "Say true or false.");
        }
        return Task.CompletedTask;
    }
}
