using Fluid;
using Fluid.Values;

namespace StatusPage.Web.Languages;

/// <summary>In the templates of mails: <c>{{ "You are {0}" | say: name }}</c> is said in the reader's language.</summary>
public static class WordsFilter
{
    public const string Name = "say";

    public static ValueTask<FluidValue> Say(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var words = context.AmbientValues.TryGetValue(nameof(Words), out var known) ? (Words)known : Words.English;
        return new StringValue(
            words[input.ToStringValue(), [.. Enumerable.Range(0, arguments.Count).Select(index => arguments.At(index).ToStringValue())]]
        );
    }
}
