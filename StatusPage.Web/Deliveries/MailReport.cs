using System.Text.Json;
using MimeKit;
using StatusPage.Domain;

namespace StatusPage.Web.Deliveries;

/// <summary>A report of a mail server or provider about a message that was sent.</summary>
/// <param name="Permanent">False: the server goes on trying, so the report has no effect.</param>
/// <param name="ReturnPath">The address that received the report; it identifies the recipient by itself.</param>
public sealed record MailEvent(string Type, bool Permanent, string? Recipient, string? ReturnPath, string Reason)
{
    public const string Bounce = "bounce";
    public const string Complaint = "complaint";
}

/// <summary>Reads reports: our own JSON, a delivery status notification (RFC 3464), or a feedback report (RFC 5965).</summary>
public static class MailReport
{
    public const int MaxEvents = 1_000;

    /// <exception cref="RuleViolation">It is not a report; the message says what is wrong.</exception>
    public static IReadOnlyList<MailEvent> ReadJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (
                document.RootElement is not { ValueKind: JsonValueKind.Object } root
                || !root.TryGetProperty("events", out var events)
                || events.ValueKind != JsonValueKind.Array
            )
                throw new RuleViolation("The body must be an object with an array 'events'.");
            if (events.GetArrayLength() > MaxEvents)
                throw new RuleViolation($"At most {MaxEvents} events fit into one report.");
            return [.. events.EnumerateArray().Select(ReadEvent)];
        }
        catch (JsonException exception)
        {
            throw new RuleViolation($"The body is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}).");
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped in JSON.
            throw new RuleViolation("The body holds text that is not valid Unicode.");
        }
    }

    /// <exception cref="RuleViolation">It is not a report.</exception>
    public static IReadOnlyList<MailEvent> ReadMessage(Stream message, CancellationToken cancel)
    {
        MimeMessage mail;
        try
        {
            mail = MimeMessage.Load(message, cancel);
        }
        catch (FormatException)
        {
            throw new RuleViolation("The body is not a mail message.");
        }
        using (mail)
        {
            var arrived = mail.To.Mailboxes.Select(mailbox => mailbox.Address).FirstOrDefault() ?? Header(mail.Headers["Delivered-To"]);
            var parts = mail.BodyParts.ToList();
            if (parts.OfType<MessageDeliveryStatus>().FirstOrDefault() is { } status)
                return Bounces(status, arrived);
            if (parts.OfType<MessageFeedbackReport>().FirstOrDefault() is { } feedback)
                return [Complaint(feedback, parts)];
        }
        throw new RuleViolation("The message holds neither a delivery status (RFC 3464) nor a feedback report (RFC 5965).");
    }

    private static MailEvent ReadEvent(JsonElement item, int index)
    {
        if (item.ValueKind != JsonValueKind.Object)
            throw new RuleViolation($"events[{index}] must be an object.");
        var type = Text("type");
        if (type is not (MailEvent.Bounce or MailEvent.Complaint))
            throw new RuleViolation($"events[{index}].type must be 'bounce' or 'complaint'.");
        var permanent = item.TryGetProperty("permanent", out var flag)
            ? flag.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False or JsonValueKind.Null => false,
                _ => throw new RuleViolation($"events[{index}].permanent must be true or false."),
            }
            : false;
        var (recipient, path) = (Text("recipient"), Text("return_path"));
        if (recipient is null && path is null)
            throw new RuleViolation($"events[{index}] must name a 'recipient' or a 'return_path'.");
        return new(
            type,
            permanent || type == MailEvent.Complaint,
            recipient,
            path,
            Text("reason") ?? (type == MailEvent.Bounce ? "Mail came back." : "Mail was reported as unwanted.")
        );

        string? Text(string name) =>
            !item.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
            : value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim()
            : throw new RuleViolation($"events[{index}].{name} must be a string.");
    }

    /// <summary>The first group of fields is about the message, each other group about one recipient (RFC 3464, section 2.1).</summary>
    private static List<MailEvent> Bounces(MessageDeliveryStatus status, string? arrived)
    {
        var events = new List<MailEvent>();
        foreach (var fields in status.StatusGroups.Skip(1))
        {
            var action = fields["Action"]?.Trim().ToLowerInvariant();
            if (action is not ("failed" or "delayed"))
                continue;
            var code = fields["Status"]?.Trim();
            // "4" means a temporary failure, even where the server then gave up (RFC 3463, section 2).
            var permanent = action == "failed" && code?.StartsWith('4') != true;
            events.Add(
                new(
                    MailEvent.Bounce,
                    permanent,
                    Header(fields["Final-Recipient"]) ?? Header(fields["Original-Recipient"]),
                    arrived,
                    WithoutType(fields["Diagnostic-Code"]) ?? code ?? "Mail came back."
                )
            );
        }
        return events.Count > 0 ? events : throw new RuleViolation("The delivery status names no recipient whose mail failed or was delayed.");
    }

    private static MailEvent Complaint(MessageFeedbackReport report, IReadOnlyList<MimeEntity> parts)
    {
        var fields = report.Fields;
        var original = parts.OfType<MessagePart>().Select(part => part.Message).FirstOrDefault();
        return new(
            MailEvent.Complaint,
            true,
            Header(fields["Original-Rcpt-To"]) ?? original?.To.Mailboxes.FirstOrDefault()?.Address,
            Header(fields["Original-Mail-From"]),
            $"Reported as unwanted ({fields["Feedback-Type"]?.Trim() ?? "abuse"})."
        );
    }

    /// <summary>"rfc822; name@example.com" or "&lt;name@example.com&gt;"</summary>
    private static string? Header(string? value) =>
        value is null ? null
        : WithoutType(value) is { } text && MailboxAddress.TryParse(text, out var mailbox) ? mailbox.Address
        : null;

    private static string? WithoutType(string? value) =>
        value is null
            ? null
            : (value.IndexOf(';', StringComparison.Ordinal) is >= 0 and var at ? value[(at + 1)..] : value).ReplaceLineEndings(" ").Trim();
}
