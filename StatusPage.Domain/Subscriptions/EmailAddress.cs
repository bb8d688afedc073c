using System.Net.Mail;

namespace StatusPage.Domain.Subscriptions;

public static class EmailAddress
{
    /// <summary>Characters; RFC 5321, section 4.5.3.1.3, less the angle brackets.</summary>
    public const int MaxLength = 254;

    /// <summary>The bare address with its domain in lower case. Two spellings that differ in case alone are one subscriber.</summary>
    /// <exception cref="RuleViolation">Not one address that mail can be sent to.</exception>
    public static string Checked(string? value, string field = "Email")
    {
        var address = Text.Line(value, field, "an email address", MaxLength);
        if (address.Any(char.IsWhiteSpace) || address.Contains('<', StringComparison.Ordinal) || address.Contains(',', StringComparison.Ordinal)
            || !MailAddress.TryCreate(address, out var parsed) || parsed.Address != address
            || parsed.User.Length > 64 || !parsed.Host.Contains('.', StringComparison.Ordinal) && parsed.Host != "localhost"
            || parsed.Host.StartsWith('.') || parsed.Host.EndsWith('.') || parsed.Host.Contains("..", StringComparison.Ordinal))
            throw new RuleViolation("Enter an email address like name@example.com.", field);
        return $"{parsed.User}@{parsed.Host.ToLowerInvariant()}";
    }

    /// <summary>The form under which an address is looked up.</summary>
    public static string Key(string address) => address.ToLowerInvariant();
}
