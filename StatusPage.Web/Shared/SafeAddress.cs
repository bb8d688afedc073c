namespace StatusPage.Web.Shared;

/// <summary>Where a link in a body may lead.</summary>
internal static class SafeAddress
{
    /// <summary>An address of the web, of mail, or without a scheme.</summary>
    public static bool IsSafe(string url) => SchemeOf(url) is null or "http" or "https" or "mailto";

    /// <summary>Whether it names a place of the site where it stands, such as /history.</summary>
    public static bool IsWithoutHost(string url) => SchemeOf(url) is null && !url.StartsWith("//", StringComparison.Ordinal) && !url.StartsWith('#');

    /// <summary>Whether it is a program and no address. It is not even shown.</summary>
    public static bool IsProgram(string url) => SchemeOf(url) is "javascript" or "vbscript" or "data";

    /// <summary>In lower case. Browsers ignore control characters and spaces in front of or within a scheme.</summary>
    private static string? SchemeOf(string url)
    {
        var colon = url.IndexOfAny([':', '/', '?', '#', '\\']);
        return colon < 0 || url[colon] != ':'
            ? null
            : string.Concat(url[..colon].Where(c => c > ' ' && !char.IsControl(c) && !char.IsWhiteSpace(c))).ToLowerInvariant();
    }
}
