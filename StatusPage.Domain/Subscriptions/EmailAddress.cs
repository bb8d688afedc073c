using System.Globalization;
using System.Net.Mail;
using System.Text;

namespace StatusPage.Domain.Subscriptions;

public static class EmailAddress
{
    /// <summary>Characters; RFC 5321, section 4.5.3.1.3, less the angle brackets.</summary>
    public const int MaxLength = 254;

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>
    /// The bare address. Its domain is in the form that mail servers use (RFC 5891), in lower case and in ASCII, so that all spellings that reach the
    /// domain become one.
    /// </summary>
    /// <exception cref="RuleViolation">Not one address that mail can be sent to.</exception>
    public static string Checked(string? value, string field = "Email")
    {
        return Read(Text.Line(value, field, "an email address", MaxLength))
            ?? throw new RuleViolation("Enter an email address like name@example.com.", field);
    }

    /// <returns>Null: it is no address.</returns>
    private static string? Read(string typed)
    {
        // Refuse invisible characters, and characters that are another way to write a letter of ASCII: two accounts would be taken for one.
        if (typed.EnumerateRunes().Any(rune => !rune.IsAscii && Ascii.IsValid(rune.ToString().Normalize(NormalizationForm.FormC))))
            return null;
        // Keyboards make an accented letter of one character or of two; the mailbox is the same (RFC 6532, section 3.1).
        var address = typed.Normalize(NormalizationForm.FormC);
        if (
            address.Any(c => char.GetUnicodeCategory(c) == UnicodeCategory.Format)
            || address.Any(char.IsWhiteSpace)
            || address.Contains('<', StringComparison.Ordinal)
            || address.Contains(',', StringComparison.Ordinal)
            || !MailAddress.TryCreate(address, out var parsed)
            || parsed.Address != address
            || Encoding.UTF8.GetByteCount(parsed.User) > 64
            || !IsLocalPart(parsed.User)
            || Domain(parsed.Host) is not { } domain
            || parsed.User.Length + 1 + domain.Length > MaxLength
        )
            return null;
        return $"{parsed.User}@{domain}";
    }

    /// <summary>
    /// RFC 5321, section 4.1.2: dot-string; letters beyond ASCII, with their vowels and other marks, as in RFC 6531. Quoted local parts are not used in
    /// practice.
    /// </summary>
    private static bool IsLocalPart(string local) => local.Split('.').All(atom => atom.Length > 0 && atom.EnumerateRunes().All(IsInAtom));

    private static bool IsInAtom(Rune rune) =>
        Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        || rune.IsAscii && "!#$%&'*+-/=?^_`{|}~".Contains((char)rune.Value, StringComparison.Ordinal);

    /// <returns>The domain in ASCII; null if it is not valid.</returns>
    private static string? Domain(string host)
    {
        try
        {
            var domain = Idn.GetAscii(host).ToLowerInvariant();
            var isOne =
                domain == "localhost"
                || (
                    domain.Contains('.', StringComparison.Ordinal)
                    && domain
                        .Split('.')
                        .All(label =>
                            label.Length is > 0 and <= 63
                            && label[0] != '-'
                            && label[^1] != '-'
                            && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
                        )
                );
            return isOne ? domain : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// The form under which an address is looked up. Only the case of ASCII is ignored: other case rules merge letters of different people, such as s and
    /// \u017F, or k and \u212A.
    /// </summary>
    public static string Key(string address) =>
        string.Create(
            address.Length,
            address,
            static (key, given) =>
            {
                for (var i = 0; i < given.Length; i++)
                    key[i] = char.IsAsciiLetterUpper(given[i]) ? (char)(given[i] | 0x20) : given[i];
            }
        );

    /// <summary>An address, or a part of one that somebody seeks, with its domain in the form in which it is kept. What has no such form stays as it is.</summary>
    public static string InAscii(string part)
    {
        try
        {
            var whole = part.Trim().Normalize(NormalizationForm.FormC);
            var at = whole.LastIndexOf('@') + 1;
            return at == whole.Length ? part : whole[..at] + Idn.GetAscii(whole[at..]);
        }
        catch (ArgumentException)
        {
            return part;
        }
    }

    /// <summary>The <see cref="Key"/> of an address in whatever spelling somebody typed it; of other words, these words.</summary>
    public static string KeyOf(string typed)
    {
        typed = Text.Shown(typed, allowed: "").Trim();
        return Key(Read(typed) ?? typed);
    }

    /// <summary>
    /// Identifies the mailbox, as far as addresses tell: the text after a plus is the owner's own (RFC 5233), and Google ignores dots in its mailboxes and
    /// has two domain names. For limits only; the subscription keeps the spelling that was used.
    /// </summary>
    public static string Mailbox(string address)
    {
        var key = Key(address);
        var at = key.LastIndexOf('@');
        if (at < 0)
            return key;
        var (local, domain) = (key[..at], key[(at + 1)..]);
        if (local.IndexOf('+', StringComparison.Ordinal) is var plus and > 0)
            local = local[..plus];
        return domain is "gmail.com" or "googlemail.com" ? $"{local.Replace(".", "", StringComparison.Ordinal)}@gmail.com" : $"{local}@{domain}";
    }
}
