using Markdig.Syntax;

namespace StatusPage.Web.Shared;

/// <summary>
/// The words behind the fence of a block of code. Where they name a language, nobody needs to read them; otherwise they are the first line of what somebody
/// pasted.
/// </summary>
internal static class CodeLanguage
{
    private static readonly HashSet<string> Known = new(
        (
            "bash bat c clojure cmd conf console cpp c++ cs csharp c# css csv dart diff dockerfile elixir erlang fsharp go golang graphql groovy haskell hcl "
            + "html http ini java javascript js json json5 jsonc jsx kotlin kt less log lua make makefile markdown md mermaid nginx nix objc ocaml perl php "
            + "plain plaintext powershell promql properties proto ps1 py python r rb regex rs ruby rust sass scala scss sh shell sql svg swift terminal "
            + "terraform tf text toml ts tsx txt typescript vb vim xml yaml yml zig zsh"
        ).Split(' '),
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Null where there are none to show.</summary>
    public static string? WordsOf(CodeBlock code) =>
        code is FencedCodeBlock fenced && $"{fenced.Info} {fenced.Arguments}".Trim() is { Length: > 0 } words && !Known.Contains(words) ? words : null;
}
