using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using StatusPage.Domain.Audit;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Destinations;
using StatusPage.Domain.Notices;
using StatusPage.Web.Data;
using StatusPage.Web.StatusApi;

namespace StatusPage.Web.Audit;

/// <summary>What a transaction is about to write, before and after, for the audit.</summary>
public static class Changes
{
    private const string Hidden = "(hidden)";

    /// <summary>Secrets, and what identifies a subscriber: the audit is never deleted, so it must not contain them.</summary>
    private static readonly FrozenSet<string> Secret = new[]
    {
        "Secrets",
        "AlertSource.Secret",
        "AlertSource.FormerSecret",
        "AlertSource.EarlierSecrets",
        "Hash",
        "StoredLinkKey",
        "PasswordHash",
        "SecurityStamp",
        "ConcurrencyStamp",
        "PushKey",
        "PushSecret",
        "Data",
        "Value",
        "TokenHash",
        "Subscriber.Email",
        "Subscriber.Endpoint",
        "Subscriber.Key",
        "PageAccess.Key",
        "PageAccess.Stamp",
        "PageAccess.People",
        "DeskBrowser.Endpoint",
        "DeskBrowser.Key",
        // Only owners may see where figures come from, but everybody who works at the page can read the audit.
        "Metric.Address",
        "Metric.Query",
    }.ToFrozenSet();

    /// <summary>Rows that follow from other changes, or that nobody changes on purpose.</summary>
    private static readonly FrozenSet<Type> Unsaid = new[]
    {
        typeof(AuditEntry),
        typeof(AuditHead),
        typeof(DailyHead),
        typeof(FormPost),
        typeof(IdempotentRequest),
        typeof(Announcement),
        typeof(Delivery),
        typeof(Notice),
        typeof(DestinationLink),
        typeof(DestinationDelivery),
    }.ToFrozenSet();

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>{"Incident abc": {"Title": ["before", "after"]}}; null when nothing changes.</returns>
    public static string? Of(ChangeTracker tracker)
    {
        var subjects = new Dictionary<string, Dictionary<string, object?[]>>();
        foreach (var entry in tracker.Entries())
        {
            if (entry.State is not (EntityState.Added or EntityState.Modified or EntityState.Deleted) || Unsaid.Contains(entry.Metadata.ClrType))
                continue;
            var values = new Dictionary<string, object?[]>();
            foreach (var property in entry.Properties.Where(property => !property.Metadata.IsPrimaryKey()))
            {
                if (entry.State == EntityState.Modified && (!property.IsModified || Equals(property.OriginalValue, property.CurrentValue)))
                    continue;
                var before = entry.State == EntityState.Added ? null : Value(entry, property, property.OriginalValue);
                var after = entry.State == EntityState.Deleted ? null : Value(entry, property, property.CurrentValue);
                if (before is not null || after is not null)
                    values[property.Metadata.Name] = [before, after];
            }
            var key = string.Join(
                '/',
                entry.Properties.Where(property => property.Metadata.IsPrimaryKey() && !property.IsTemporary).Select(property => property.CurrentValue)
            );
            if (values.Count > 0)
                subjects[$"{entry.Metadata.ClrType.Name} {key}".Trim() + (subjects.Count > 0 && key.Length == 0 ? $" #{subjects.Count}" : "")] = values;
        }
        return subjects.Count == 0 ? null : JsonSerializer.Serialize(subjects, Json);
    }

    /// <summary>Whether a value never gets into the audit.</summary>
    public static bool Hides(Type row, string property) => Unsaid.Contains(row) || Secret.Contains(property) || Secret.Contains($"{row.Name}.{property}");

    private static object? Value(EntityEntry entry, PropertyEntry property, object? value)
    {
        var name = property.Metadata.Name;
        if (value is null)
            return null;
        if (Hides(entry.Metadata.ClrType, name))
            return Hidden;
        var provided = property.Metadata.GetValueConverter() is { } converter && value is not DateTimeOffset ? converter.ConvertToProvider(value) : value;
        return provided switch
        {
            DateTimeOffset instant => instant.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            string or bool or int or long => provided,
            DateOnly day => day.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            byte[] => Hidden,
            _ => provided?.ToString(),
        };
    }
}
