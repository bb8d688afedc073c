using System.Text;
using System.Text.RegularExpressions;

namespace StatusPage.Web.Themes;

/// <summary>Reads one theme from its folder. Whatever it leaves out comes from the theme that all are built on.</summary>
internal sealed partial class ThemeFolder(string path, bool ships)
{
    public const string Ground = "default";

    // Bytes.
    private const int MaxJson = 32 * 1024;
    private const int MaxCss = 128 * 1024;
    private const int MaxMarkdown = 16 * 1024;
    private const int MaxTemplate = 64 * 1024;
    private const int MaxPicture = 256 * 1024;

    private const int MostLinks = 12;

    private readonly List<string> _warnings = [];
    private readonly StringBuilder _read = new();

    public string Name { get; } = System.IO.Path.GetFileName(path);

    public bool Ships => ships;

    /// <summary>Whether a folder may be called so: the name stands in addresses and in the store.</summary>
    public static bool IsName(string name) => Naming().IsMatch(name);

    /// <summary>Changes when any file does; cheap, as it opens none.</summary>
    public string Print() =>
        string.Join(
            '|',
            new DirectoryInfo(path)
                .EnumerateFiles("*", SearchOption.AllDirectories)
                .OrderBy(file => file.FullName, StringComparer.Ordinal)
                .Take(200)
                .Select(file => $"{file.FullName}:{file.Length}:{file.LastWriteTimeUtc.Ticks}")
        );

    /// <param name="ground">Null for the ground itself.</param>
    /// <exception cref="ThemeException">With file, line and reason.</exception>
    public Theme Read(Theme? ground)
    {
        try
        {
            return ReadAll(ground);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ThemeException(path, null, $"it cannot be read: {exception.Message}");
        }
    }

    private Theme ReadAll(Theme? ground)
    {
        var json = ThemeJson.Read(
            Bytes("theme.json", MaxJson)
                ?? throw new ThemeException(FileOf("theme.json"), null, "the file is missing. A theme has at least this one; see docs/themes.md."),
            FileOf("theme.json")
        );
        json.Only("entry of a theme", ["name", "description", "measures", "light", "dark", "email", "logo", "logo_dark", "favicon", "links"]);
        var light = ReadPalette(json, "light", ground?.Light);
        var dark = ReadPalette(json, "dark", ground?.Dark);
        var (mail, darkMail) = ReadMail(json, light, dark);
        var rules =
            Text("theme.css", MaxCss) is { } css ? StyleSheet.Clean(css, FileOf("theme.css"))
            : ground is null ? throw new ThemeException(FileOf("theme.css"), null, "the file is missing.")
            : "";
        var theme = new Theme
        {
            Name = Name,
            Label = json.Words("name", 60) ?? Name,
            Description = json.Words("description", 200) ?? "",
            Ships = ships,
            Measures = ReadMeasures(json, ground?.Measures),
            Light = light,
            Dark = dark,
            Rules = rules,
            HeaderHtml = ReadMarkdown("header.md"),
            FooterHtml = ReadMarkdown("footer.md"),
            Links = ReadLinks(json),
            Logo = ReadPicture(json, "logo"),
            DarkLogo = ReadPicture(json, "logo_dark"),
            Favicon = ReadPicture(json, "favicon"),
            EmailTokens = mail,
            DarkEmailTokens = darkMail,
            Mails = new(
                ReadTemplate("update.html", mail, ground?.Mails.UpdateHtml),
                ReadTemplate("update.txt", mail, ground?.Mails.UpdateText),
                ReadTemplate("notice.html", mail, ground?.Mails.NoticeHtml),
                ReadTemplate("notice.txt", mail, ground?.Mails.NoticeText)
            ),
            Warnings = [.. Legibility.Warnings("light", light), .. Legibility.Warnings("dark", dark), .. _warnings],
            Stamp = Shared.Assets.AddressOf(Name, _read.ToString() + ground?.Stamp, "theme"),
        };
        return Theme.Finish(theme, ground?.Rules ?? "");
    }

    private static Palette ReadPalette(ThemeJson json, string scheme, Palette? ground)
    {
        var given = json.Object(scheme);
        given?.Only($"colour of '{scheme}'", [.. Tokens.Colours, Tokens.Tint]);
        var colours = new Dictionary<string, Colour>(StringComparer.Ordinal);
        foreach (var name in Tokens.Colours)
        {
            if (given?.Members!.GetValueOrDefault(name) is { } value)
                colours[name] = ColourOf(value, $"{scheme}.{name}");
            else
                colours[name] = ground?[name] ?? throw (given ?? json).Wrong($"'{scheme}.{name}' is missing.");
        }
        return new(colours, given?.Members!.GetValueOrDefault(Tokens.Tint) is { } tint ? TintOf(tint, scheme) : ground?.Tint ?? 0);
    }

    private static Colour ColourOf(ThemeJson value, string name) =>
        Colour.Parse(value.Text)
        ?? throw value.Wrong($"'{name}' is {(value.Text is null ? "no text" : $"'{value.Text}'")}. Write a colour as \"#rgb\" or \"#rrggbb\".");

    private static double TintOf(ThemeJson value, string scheme) =>
        value.Text is [.. var digits, '%']
        && double.TryParse(digits, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var share)
        && share is >= 0 and <= 100
            ? share
            : throw value.Wrong($"'{scheme}.tint' is a share such as \"9%\".");

    private static Dictionary<string, string> ReadMeasures(ThemeJson json, IReadOnlyDictionary<string, string>? ground)
    {
        var given = json.Object("measures");
        given?.Only("measure", Tokens.Measures);
        var measures = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in Tokens.Measures)
        {
            if (given?.Members!.GetValueOrDefault(name) is not { } value)
                measures[name] = ground?[name] ?? throw (given ?? json).Wrong($"'measures.{name}' is missing.");
            else
                measures[name] =
                    value.Text is { } text && Tokens.WrongMeasure(name, text) is null
                        ? text
                        : throw value.Wrong(
                            $"'measures.{name}' is {(value.Text is null ? "no text" : $"'{value.Text}'")}. "
                                + $"Write {Tokens.WrongMeasure(name, value.Text ?? "")}."
                        );
        }
        return measures;
    }

    private static (Dictionary<string, string> Light, Dictionary<string, string> Dark) ReadMail(ThemeJson json, Palette light, Palette dark)
    {
        var mail = json.Object("email");
        mail?.Only("part of 'email'", ["light", "dark"]);
        return (Of("light", light), Of("dark", dark));

        Dictionary<string, string> Of(string scheme, Palette palette)
        {
            var given = mail?.Object(scheme);
            given?.Only($"colour of 'email.{scheme}'", Tokens.Mail.Select(token => token.Name));
            return Tokens.Mail.ToDictionary(
                token => token.Name,
                token =>
                    (
                        given?.Members!.GetValueOrDefault(token.Name) is { } value ? ColourOf(value, $"email.{scheme}.{token.Name}") : palette[token.Token]
                    ).ToString()
            );
        }
    }

    private static List<ThemeLink> ReadLinks(ThemeJson json)
    {
        if (json.Members!.GetValueOrDefault("links") is not { } given)
            return [];
        if (given.Items is not { } items)
            throw given.Wrong("'links' is a list in brackets.");
        if (items.Count > MostLinks)
            throw given.Wrong($"there are {items.Count} links. {MostLinks} are taken.");
        return
        [
            .. items.Select(item =>
            {
                if (item.Members is null)
                    throw item.Wrong("a link is { \"text\": \"Help\", \"url\": \"https://example.com\" }.");
                item.Only("part of a link", ["text", "url"]);
                var text = item.Words("text", 60) ?? throw item.Wrong("a link needs a text.");
                var url = item.Words("url", 500) ?? throw item.Wrong("a link needs a url.");
                return ThemeMarkdown.IsLink(url)
                    ? new ThemeLink(text, url)
                    : throw item.Members["url"].Wrong($"'{url}' is no address to lead to. Use https, mailto, or a path such as /history.");
            }),
        ];
    }

    private ThemeFile? ReadPicture(ThemeJson json, string what)
    {
        if (json.Words(what, 100) is not { } file)
            return null;
        var entry = json.Members![what];
        if (file.Contains('/', StringComparison.Ordinal) || file.Contains('\\', StringComparison.Ordinal) || file.StartsWith('.'))
            throw entry.Wrong($"'{what}' names a file beside theme.json.");
        var bytes = Bytes(file, MaxPicture) ?? throw entry.Wrong($"there is no file '{file}' beside theme.json.");
        return Picture.Read(what.Replace('_', '-'), bytes, FileOf(file));
    }

    private string ReadMarkdown(string name) => Text(name, MaxMarkdown) is { } markdown ? ThemeMarkdown.ToHtml(markdown, FileOf(name)) : "";

    private Fluid.IFluidTemplate ReadTemplate(string name, Dictionary<string, string> colours, Fluid.IFluidTemplate? ground)
    {
        var file = System.IO.Path.Combine("email", name + ".liquid");
        if (Text(file, MaxTemplate) is not { } source)
            return ground ?? throw new ThemeException(FileOf(file), null, "the file is missing.");
        return ThemeMails.Read(source, FileOf(file), colours, _warnings);
    }

    private string FileOf(string name) => System.IO.Path.Combine(path, name);

    private string? Text(string name, int most)
    {
        if (Bytes(name, most) is not { } bytes)
            return null;
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException exception)
        {
            throw new ThemeException(
                FileOf(name),
                bytes.AsSpan(0, Math.Min(exception.Index, bytes.Length)).Count((byte)'\n') + 1,
                "it is not written in UTF-8."
            );
        }
    }

    /// <summary>Null when there is no such file.</summary>
    private byte[]? Bytes(string name, int most)
    {
        var file = new FileInfo(FileOf(name));
        if (!file.Exists)
            return null;
        if (file.Length > most)
            throw new ThemeException(file.FullName, null, $"it has {file.Length:n0} bytes. {most:n0} are taken.");
        var bytes = File.ReadAllBytes(file.FullName);
        _read.Append(name).Append(Shared.Assets.AddressOf("", bytes, ""));
        return bytes;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}\\z", RegexOptions.NonBacktracking)]
    private static partial Regex Naming();
}
