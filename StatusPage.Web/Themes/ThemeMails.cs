using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Fluid;
using Fluid.Values;
using StatusPage.Web.Languages;

namespace StatusPage.Web.Themes;

/// <summary>Reads a theme's mail templates, and tries each, so that a fault shows here and not in the first mail of an outage.</summary>
internal static partial class ThemeMails
{
    /// <summary>A template that goes on for longer goes on for ever.</summary>
    public const int MostSteps = 100_000;

    /// <summary>Sample values for a mail.</summary>
    private static readonly Dictionary<string, object?> Sample = new()
    {
        ["subject"] = "[Acme] Investigating: Elevated error rates",
        ["page"] = "Acme",
        ["logo"] = "https://status.example/",
        ["logo_dark"] = "https://status.example/",
        ["icon"] = "https://status.example/",
        ["title"] = "Elevated error rates",
        ["phase"] = "Investigating",
        ["severity"] = "SEV2",
        ["posted_at"] = "2:45 PM PDT",
        ["body_html"] = "<p>We are investigating.</p>",
        ["body_text"] = "We are investigating.",
        ["preview"] = "~15% of requests failing",
        ["impact"] = "~15% of requests failing",
        ["team"] = "Working on it",
        ["eta"] = "30 minutes",
        ["next_update_by"] = "3:15 PM PDT",
        ["window"] = "2:00 PM to 3:00 PM",
        ["components"] = "API: partial outage",
        ["tone"] = "#b3440a",
        ["tone_dark"] = "#ff9a5c",
        ["incident_url"] = "https://status.example/",
        ["manage_url"] = "https://status.example/",
        ["audience"] = "Key accounts",
        ["unsubscribe_url"] = "https://status.example/",
        ["message"] = "Confirm it.",
        ["paragraphs"] = new[] { "Confirm it." },
        ["action"] = "Confirm",
        ["action_url"] = "https://status.example/",
        ["footnote"] = "If it was not you, do nothing.",
        ["lang"] = "en",
        ["dir"] = "ltr",
    };

    /// <summary>Characters of one value that a template makes; the longest body has a tenth of that.</summary>
    public const int LongestValue = 1_000_000;

    private static readonly FluidParser Parser = new();

    /// <summary>
    /// Limits every rendering, the trial and the mail: its steps, and the length of what is made on the way. A value that is put together from itself
    /// doubles with each step, so a limit of steps alone is none.
    /// </summary>
    public static TemplateOptions Bound(TemplateOptions options)
    {
        options.MaxSteps = MostSteps;
        options.StrictFilters = true;
        options.Assigned = (_, value, _) => ValueTask.FromResult(Bound(value));
        options.Captured = (_, value, _) => ValueTask.FromResult(Bound(value));
        foreach (var name in Growing)
        {
            if (!options.Filters.TryGetValue(name, out var filter))
                continue;
            options.Filters.AddFilter(
                name,
                (input, arguments, context) => Grown(name, input, arguments) > LongestValue ? throw TooLong() : filter(input, arguments, context)
            );
        }
        options.Filters.AddFilter("raw", (input, _, _) => new StringValue(input.ToStringValue(), encode: false));
        options.Filters.AddFilter(WordsFilter.Name, WordsFilter.Say);
        return options;
    }

    public static async Task<string> RenderAsync(IFluidTemplate template, TemplateContext context, TextEncoder encoder)
    {
        await using var text = new BoundedText();
        await template.RenderAsync(text, context, encoder);
        return text.ToString();
    }

    /// <summary>Filters whose answer may be much longer than what they are given.</summary>
    private static readonly string[] Growing = ["append", "prepend", "replace", "replace_first", "replace_last", "join"];

    /// <summary>The most characters that the answer can have.</summary>
    private static long Grown(string filter, FluidValue input, FilterArguments arguments)
    {
        long length = input.ToStringValue().Length,
            given = arguments.At(0).ToStringValue().Length,
            put = arguments.At(1).ToStringValue().Length;
        return filter is "append" or "prepend" ? length + given
            : filter is "join" ? length * (given + 1)
            : length + length / Math.Max(given, 1) * put;
    }

    private static FluidValue Bound(FluidValue value) =>
        value.Type == FluidValues.String && value.ToStringValue().Length > LongestValue ? throw TooLong() : value;

    private static InvalidOperationException TooLong() =>
        new($"A value gets longer than {LongestValue:N0} characters. The maximum is there so that a mail comes to an end.");

    /// <param name="warnings">Receives the names in the template that nothing fills.</param>
    public static IFluidTemplate Read(string source, string file, IReadOnlyDictionary<string, string> colours, List<string> warnings)
    {
        if (!Parser.TryParse(source, out var template, out var error))
            throw new ThemeException(file, LineIn(error), Sentence(Place().Replace(error, "")));
        var unknown = new HashSet<string>(StringComparer.Ordinal);
        var options = Bound(
            new TemplateOptions
            {
                Undefined = name =>
                {
                    unknown.Add(name);
                    return new ValueTask<FluidValue>(NilValue.Instance);
                },
            }
        );
        var values = new Dictionary<string, object?>(Sample)
        {
            ["color"] = colours.ToDictionary(colour => colour.Key, colour => (object)colour.Value),
            ["dark"] = colours.ToDictionary(colour => colour.Key, colour => (object)colour.Value),
        };
        try
        {
            // Values are set one by one: of a whole model, nothing counts as undefined.
            var context = new TemplateContext(options);
            foreach (var (name, value) in values)
                context.SetValue(name, FluidValue.Create(value, options));
            RenderAsync(template, context, HtmlEncoder.Default).GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or FormatException or FluidException)
        {
            throw new ThemeException(file, LineOf(source, exception.Message), Sentence(exception.Message));
        }
        catch (IOException)
        {
            throw new ThemeException(file, null, "it includes another file, and a mail stands by itself.");
        }
        foreach (var name in unknown.Order(StringComparer.Ordinal))
            warnings.Add($"{file}, line {LineOf(source, $"'{name}'") ?? 1}: nothing fills '{name}', so nothing will stand there.");
        return template;
    }

    /// <summary>The first line of what the parser says; it goes on with the place in the source.</summary>
    private static string Sentence(string message) => message.Trim().Split('\n')[0].Trim().TrimEnd('.', ':') + ".";

    private static int? LineIn(string error) =>
        Place().Match(error) is { Success: true } place ? int.Parse(place.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;

    /// <summary>The line of the name that a message has in quotes.</summary>
    private static int? LineOf(string source, string message)
    {
        if (Name().Match(message) is not { Success: true } name)
            return null;
        var at = source.IndexOf(name.Groups[1].Value.Split('.')[^1], StringComparison.Ordinal);
        return at < 0 ? null : source.AsSpan(0, at).Count('\n') + 1;
    }

    [GeneratedRegex(@"\s*at \((\d+):\d+\)", RegexOptions.NonBacktracking)]
    private static partial Regex Place();

    [GeneratedRegex(@"'([\w.]+)'", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
