using StatusPage.Domain;
using StatusPage.Web.Readers;

namespace StatusPage.Web.Hosting;

/// <summary>
/// The names of all cookies. If the program is reached by https, a prefix makes the browser refuse a replacement set by another host name or plain http
/// (RFC 6265bis, section 4.1.3): __Host- for cookies of the whole host, __Secure- for those of a path.
/// </summary>
public static class CookieNames
{
    /// <summary>Who signed in to the desk.</summary>
    public static string Desk(Settings settings) => Host(settings, "desk");

    /// <summary>Somebody between the two steps of signing in.</summary>
    public static string Half(Settings settings) => Host(settings, "half");

    /// <summary>What a passkey is asked to sign.</summary>
    public static string Step(Settings settings) => Host(settings, "step");

    /// <summary>Somebody on the way back from the OpenID provider.</summary>
    public static string Provider(Settings settings) => Host(settings, "provider");

    /// <summary>A browser in which accounts have signed in before.</summary>
    public static string Known(Settings settings) => Host(settings, "known");

    /// <summary>The half of a form's token that the browser keeps.</summary>
    public static string Form(Settings settings) => Host(settings, "form");

    /// <summary>What the next page says.</summary>
    public static string Note(Settings settings) => Host(settings, "note");

    /// <summary>A member of a stakeholder group, at the pages of that group.</summary>
    public static string Member(Settings settings) => Path(settings, "member");

    /// <summary>A reader of a private page, at that page.</summary>
    public static string Reader(Settings settings, PageId page) => Path(settings, Gate.CookieOf(page));

    /// <summary>Ties the answer of the OpenID provider to this browser; these are the beginnings of names.</summary>
    public static string Correlation(Settings settings) => Path(settings, "correlation.");

    public static string Nonce(Settings settings) => Path(settings, "nonce.");

    private static string Host(Settings settings, string name) => settings.IsHttps ? "__Host-" + name : name;

    private static string Path(Settings settings, string name) => settings.IsHttps ? "__Secure-" + name : name;
}
