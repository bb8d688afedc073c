using System.Collections.Concurrent;
using System.Text.Json;
using Fluid;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Themes;

/// <summary>The themes that pages wear: the installation's own, and those that pages chose instead.</summary>
public sealed class Themes(Theme own)
{
    private readonly ConcurrentDictionary<string, Theme> _others = new(StringComparer.Ordinal);

    public static IEnumerable<string> Names => Directory.GetDirectories(Theme.Folder).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal);

    /// <param name="name">Null: the installation's own. So is one that cannot be used any more; a page must not vanish over its looks.</param>
    public Theme Of(string? name) => name is null ? own : _others.GetOrAdd(name, Read);

    private Theme Read(string name)
    {
        try
        {
            return Theme.Load(name);
        }
        catch (Exception exception) when (exception is ThemeException or SettingException or IOException)
        {
            return own;
        }
    }
}

/// <summary>How the page and the mails look: a folder under themes/. Read once at the start; a mistake in it stops the start.</summary>
public sealed class Theme
{
    private static readonly FluidParser Parser = new();

    private Theme(string name, string css, string headerHtml, string footerHtml, IReadOnlyDictionary<string, string> emailTokens, MailTemplates mails)
    {
        Name = name;
        Css = css;
        CssAddress = Assets.AddressOf("theme", css, "css");
        HeaderHtml = headerHtml;
        FooterHtml = footerHtml;
        EmailTokens = emailTokens;
        Mails = mails;
    }

    public string Name { get; }
    public string Css { get; }
    public string CssAddress { get; }
    public string HeaderHtml { get; }
    public string FooterHtml { get; }

    /// <summary>Colours for mails, which cannot use the style sheet's.</summary>
    public IReadOnlyDictionary<string, string> EmailTokens { get; }
    public MailTemplates Mails { get; }

    internal static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "themes");

    public static Theme Load(string name)
    {
        var root = Folder;
        var folder = Path.Combine(root, name);
        if (name.Contains('/', StringComparison.Ordinal) || name.Contains("..", StringComparison.Ordinal) || !Directory.Exists(folder))
            throw new SettingException("Theme", name, string.Join(", ", Directory.GetDirectories(root).Select(Path.GetFileName).Order()));
        var description = ReadDescription(Path.Combine(folder, "theme.json"));
        return new(
            description.Name, File.ReadAllText(Path.Combine(folder, "theme.css")),
            Markdown.ToHtml(ReadOptional(Path.Combine(folder, "header.md"))), Markdown.ToHtml(ReadOptional(Path.Combine(folder, "footer.md"))),
            description.Email, new(Template(folder, "update.html"), Template(folder, "update.txt"), Template(folder, "notice.html"), Template(folder, "notice.txt")));
    }

    private static IFluidTemplate Template(string folder, string name)
    {
        var file = Path.Combine(folder, "email", name + ".liquid");
        return Parser.TryParse(File.ReadAllText(file), out var template, out var error)
            ? template : throw new ThemeException($"{file}: {error}");
    }

    private static string ReadOptional(string file) => File.Exists(file) ? File.ReadAllText(file) : "";

    private static Description ReadDescription(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Description>(File.ReadAllText(file), JsonSerializerOptions.Web) ?? throw new ThemeException($"{file} is empty.");
        }
        catch (JsonException exception)
        {
            throw new ThemeException($"{file}, line {exception.LineNumber + 1}: {exception.Message}");
        }
    }

    private sealed record Description(string Name, Dictionary<string, string> Email);
}

/// <summary>A theme that cannot be used: the file and what is wrong in it.</summary>
public sealed class ThemeException(string message) : Exception(message);

/// <param name="UpdateHtml">An incident update.</param>
/// <param name="NoticeHtml">A short notice with one button: a confirmation, for instance.</param>
public sealed record MailTemplates(IFluidTemplate UpdateHtml, IFluidTemplate UpdateText, IFluidTemplate NoticeHtml, IFluidTemplate NoticeText);
