using StatusPage.Domain;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>A browser in words, as far as its User-Agent says.</summary>
internal static class BrowserName
{
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];

    public static Sentence Of(string? agent)
    {
        var (browser, system) = (Find(Browsers, agent), Find(Systems, agent));
        if (browser is null && system is null)
            return "Unknown browser";
        if (browser is null)
            return $"A browser on {system}";
        if (system is null)
            return browser;
        return $"{browser} on {system}";
    }

    private static string? Find((string Mark, string Name)[] known, string? agent)
    {
        foreach (var (mark, name) in known)
            if (agent?.Contains(mark, StringComparison.Ordinal) == true)
                return name;
        return null;
    }
}
