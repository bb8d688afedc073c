using System.Collections.Concurrent;
using StatusPage.Domain.Brands;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;
using StatusPage.Web.Snapshot;

namespace StatusPage.Web.Themes;

/// <param name="Theme">The theme that is worn: the last version that could be used. Null when there was none.</param>
/// <param name="Trouble">Why the version on disk is refused: file, line and reason.</param>
/// <param name="Print">The fingerprint of the files that were looked at last.</param>
public sealed record ThemeState(string Name, Theme? Theme, string? Trouble, string Print = "");

/// <summary>
/// The themes that pages wear: those that came with the program, and those in a directory of the operator's. A theme that cannot be used any more is
/// refused, and its version from before stays on.
/// </summary>
public sealed class ThemeCatalog
{
    /// <summary>Files of replaced themes that are kept, as pages in caches still ask for them.</summary>
    private const int Kept = 32;

    /// <summary>Names that are remembered, including those that no theme has.</summary>
    private const int MostKnown = 500;

    private static readonly string Shipped = Path.Combine(AppContext.BaseDirectory, "themes");

    /// <summary>Themes with a page's brand over them. A page wears one, and its mails another.</summary>
    private const int MostDressed = 200;

    private readonly ConcurrentDictionary<(string Stamp, Brand Brand, int Pictures), Theme> _dressed = new();
    private readonly Lock _reading = new();
    private readonly string _own;
    private readonly string _chosen;
    private readonly ConcurrentDictionary<string, ThemeState> _states = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<ThemeFile> _files = new();
    private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<string> _strays = [];

    /// <summary>Reads what the start needs. A mistake in the theme that the settings name stops the start.</summary>
    public ThemeCatalog(Settings settings)
    {
        (_chosen, _own) = (settings.Theme, settings.ThemesDirectory);
        if (!Folders().TryGetValue(_chosen, out var folder))
            throw new SettingException("Theme", _chosen, string.Join(", ", Folders().Keys.Order(StringComparer.Ordinal)));
        var ground = Folders()[ThemeFolder.Ground];
        Keep(new(ThemeFolder.Ground, ground.Read(null), null, PrintOf(ground)));
        if (_chosen != ThemeFolder.Ground)
            Keep(new(_chosen, folder.Read(Ground), null, PrintOf(folder)));
    }

    /// <summary>Every theme there is, by name.</summary>
    public IReadOnlyList<ThemeState> All =>
        [
            .. _states
                .Values.OrderBy(state => state.Theme?.Ships != true)
                .ThenBy(state => state.Name != ThemeFolder.Ground)
                .ThenBy(state => state.Name, StringComparer.Ordinal),
        ];

    /// <summary>Folders that are not looked into, and why.</summary>
    public IReadOnlyList<string> Strays => _strays;

    /// <summary>The theme that the settings name.</summary>
    public Theme Own => _states[_chosen].Theme!;

    public string Directory => _own;

    private Theme? Ground => _states.GetValueOrDefault(ThemeFolder.Ground)?.Theme;

    /// <param name="name">Null: the installation's own theme. It also stands in for one that cannot be used, since a page must not vanish over its
    /// looks.</param>
    public Theme Of(string? name)
    {
        if (name is null)
            return Own;
        return (_states.GetValueOrDefault(name) ?? First(name)).Theme ?? Own;
    }

    /// <summary>The theme of a page as its owner has it: with their colour and pictures.</summary>
    public Theme Of(StatusSnapshot snapshot) => Of(Of(snapshot.Theme), snapshot.Brand, snapshot.Pictures);

    /// <summary>The theme for the page's mails, which know their pictures by address.</summary>
    public Theme Of(Page page) => Of(Of(page.Theme), page.Brand, []);

    private Theme Of(Theme theme, Brand brand, IReadOnlyList<PictureView> pictures)
    {
        if (brand == Brand.None)
            return theme;
        var key = (theme.Stamp, brand, pictures.Count);
        if (_dressed.TryGetValue(key, out var known))
            return known;
        if (_dressed.Count >= MostDressed)
            _dressed.Clear();
        var dressed = theme.In(brand, pictures);
        lock (_reading)
            KeepFiles(dressed);
        return _dressed[key] = dressed;
    }

    /// <summary>A file of a theme that is worn now or was a while ago.</summary>
    public RenderedDocument? FileAt(string address) => _files.LastOrDefault(file => file.Address == address)?.Document;

    /// <summary>Looks at every folder and reads those that changed.</summary>
    /// <param name="all">True: reads them whether or not their files seem to have changed.</param>
    /// <returns>The news, for the log and the author; themes whose <see cref="ThemeState.Trouble"/> is set were refused.</returns>
    public IReadOnlyList<ThemeState> Look(bool all = false)
    {
        lock (_reading)
        {
            var news = new List<ThemeState>();
            var folders = Folders();
            var ground = Ground;
            foreach (var (name, folder) in folders.OrderBy(pair => pair.Key != ThemeFolder.Ground).ThenBy(pair => pair.Key, StringComparer.Ordinal))
            {
                var before = _states.GetValueOrDefault(name);
                var print = PrintOf(folder);
                // All are built on the ground, so they follow it.
                if (!all && before?.Print == print && ReferenceEquals(ground, Ground))
                    continue;
                // An author who is still writing can finish first.
                if (!all && before?.Print != print && _seen.GetValueOrDefault(name) != print)
                {
                    _seen[name] = print;
                    continue;
                }
                var now = Read(name, folder, print);
                if (now.Trouble != before?.Trouble || now.Theme?.Stamp != before?.Theme?.Stamp)
                    news.Add(now);
            }
            foreach (var (name, state) in _states)
            {
                if (folders.ContainsKey(name) || state.Trouble == Gone(name))
                    continue;
                var gone = state with { Trouble = Gone(name), Print = "" };
                if (state.Theme is null)
                    _states.TryRemove(name, out _);
                else
                    Keep(gone);
                news.Add(gone);
            }
            return news;
        }
    }

    private static string Gone(string name) => $"the folder of theme '{name}' is not there any more.";

    private ThemeState First(string name)
    {
        lock (_reading)
        {
            if (_states.TryGetValue(name, out var known))
                return known;
            return Folders().TryGetValue(name, out var folder) ? Read(name, folder, PrintOf(folder))
                : _states.Count < MostKnown ? Keep(new(name, null, Gone(name)))
                : new(name, null, Gone(name));
        }
    }

    private ThemeState Read(string name, ThemeFolder folder, string print)
    {
        var before = _states.GetValueOrDefault(name)?.Theme;
        try
        {
            var theme = folder.Read(name == ThemeFolder.Ground ? null : Ground);
            return Keep(new(name, theme.Stamp == before?.Stamp ? before : theme, null, print));
        }
        catch (ThemeException exception)
        {
            return Keep(new(name, before, exception.Message, print));
        }
    }

    private ThemeState Keep(ThemeState state)
    {
        _states[state.Name] = state;
        if (state.Theme is { } theme)
            KeepFiles(theme);
        return state;
    }

    private void KeepFiles(Theme theme)
    {
        foreach (var file in theme.Files)
            if (!_files.Contains(file))
                _files.Enqueue(file);
        while (_files.Count > Kept + _states.Count * 4)
            _files.TryDequeue(out _);
    }

    private static string PrintOf(ThemeFolder folder)
    {
        try
        {
            return folder.Print();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    /// <summary>A theme that ships goes first: otherwise a folder of the same name would change the pages that chose it, behind their backs.</summary>
    private Dictionary<string, ThemeFolder> Folders()
    {
        var folders = new Dictionary<string, ThemeFolder>(StringComparer.Ordinal);
        var strays = new List<string>();
        foreach (var (directory, ships) in ((string, bool)[])[(Shipped, true), (_own, false)])
        {
            foreach (var path in In(directory).Order(StringComparer.Ordinal))
            {
                var name = Path.GetFileName(path);
                if (!ThemeFolder.IsName(name))
                    strays.Add($"{path}: a theme's folder is called by lower-case letters, digits and hyphens, 40 at most.");
                else if (!folders.TryAdd(name, new(path, ships)))
                    strays.Add($"{path}: a theme called '{name}' comes with the program. Give this folder another name.");
            }
        }
        _strays = strays;
        return folders;
    }

    /// <summary>Without those that begin with a dot, as some tools make them for themselves.</summary>
    private static IEnumerable<string> In(string directory)
    {
        try
        {
            return System.IO.Directory.Exists(directory)
                ? System.IO.Directory.GetDirectories(directory).Where(path => Path.GetFileName(path)[0] != '.')
                : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
