using Microsoft.Extensions.Configuration;
using StatusPage.Tests.Host;
using StatusPage.Web.Hosting;

namespace StatusPage.Tests.Themes;

/// <summary>A directory of an operator's themes, without a running program.</summary>
public sealed class ThemeShelf : IDisposable
{
    /// <summary>The smallest valid theme.</summary>
    public const string Json = """{ "name": "Acme", "light": { "accent": "#6b21a8" } }""";

    private readonly TempFolder _data = new();

    public string DataDirectory => _data.Path;

    public string PathOf(string theme, string file) => Path.Combine(_data.Path, "themes", theme, file);

    public ThemeShelf Write(string theme, string file, string text) => Write(theme, file, System.Text.Encoding.UTF8.GetBytes(text));

    public ThemeShelf Write(string theme, string file, byte[] bytes)
    {
        var path = PathOf(theme, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return this;
    }

    public Web.Themes.ThemeCatalog Open(string theme = "default") =>
        new(Settings.Read(new ConfigurationBuilder().AddInMemoryCollection([new("DataDirectory", _data.Path), new("Theme", theme)]).Build()));

    /// <summary>Why a theme is refused.</summary>
    public string? Trouble(string theme)
    {
        var themes = Open();
        themes.Look(all: true);
        return themes.All.Single(state => state.Name == theme).Trouble;
    }

    public void Dispose() => _data.Dispose();
}
