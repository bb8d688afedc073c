using System.Security.Cryptography;
using System.Text;

namespace StatusPage.Web.Shared;

/// <summary>Files that are compiled in. Their addresses carry a hash, so that they may be kept for ever.</summary>
public static class Assets
{
    public static readonly string SiteScript = Read("site.js");
    public static readonly string PushScript = Read("push.js");

    /// <summary>Its address stays, since the browsers that subscribed ask for it there.</summary>
    public static readonly string PushWorker = Read("push-worker.js");
    public static readonly string EmbedStyle = Read("embed.css");
    public static readonly string EmbedCss = AddressOf("embed", EmbedStyle, "css");

    /// <summary>Its address stays, since other people's pages ask for it there.</summary>
    public static readonly string EmbedScript = Read("embed.js");
    public static readonly string FrameScript = Read("frame.js");
    public static readonly string FrameJs = AddressOf("frame", FrameScript, "js");
    public static readonly string AdminStyle = Read("admin.css");
    public static readonly string AdminScript = Read("admin.js");
    public static readonly string ComposerScript = Read("composer.js");
    public static readonly string ComposerJs = AddressOf("composer", ComposerScript, "js");
    public static readonly string PostmortemScript = Read("postmortem.js");
    public static readonly string PostmortemJs = AddressOf("postmortem", PostmortemScript, "js");
    public static readonly string BrandScript = Read("brand.js");
    public static readonly string BrandJs = AddressOf("brand", BrandScript, "js");
    public static readonly string PasskeyScript = Read("passkey.js");
    public static readonly string PasskeyJs = AddressOf("passkey", PasskeyScript, "js");
    public static readonly string OrderScript = Read("order.js");
    public static readonly string OrderJs = AddressOf("order", OrderScript, "js");
    public static readonly string PasswordScript = Read("password.js");
    public static readonly string PasswordJs = AddressOf("password", PasswordScript, "js");
    public static readonly string AdminCss = AddressOf("admin", AdminStyle, "css");
    public static readonly string AdminJs = AddressOf("admin", AdminScript, "js");
    public static readonly string PushJs = AddressOf("push", PushScript, "js");
    public static readonly string Js = AddressOf("site", SiteScript, "js");

    public static string AddressOf(string name, string content, string extension) => AddressOf(name, Encoding.UTF8.GetBytes(content), extension);

    public static string AddressOf(string name, byte[] content, string extension) =>
        $"/assets/{name}.{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6))}.{extension}";

    private static string Read(string name)
    {
        using var stream =
            typeof(Assets).Assembly.GetManifestResourceStream($"StatusPage.Web.Assets.{name}")
            ?? throw new InvalidOperationException($"The file {name} was not compiled in.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
