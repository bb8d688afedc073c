using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain;

namespace StatusPage.Web.StatusApi;

/// <summary>
/// A request that a program sent under an <c>Idempotency-Key</c>, and its answer. The row is written in the transaction of the request's change.
/// </summary>
public sealed class IdempotentRequest
{
    public const int MaxKeyLength = 255;

    /// <summary>The API key that sent it.</summary>
    public required int ApiKeyId { get; init; }
    public required string Key { get; init; }

    /// <summary>SHA-256, in hex, of method, address and body.</summary>
    public required string Fingerprint { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The id of what was made, as soon as it is written; null where nothing was made.</summary>
    public string? Made { get; set; }

    /// <summary>HTTP status; null until it is answered.</summary>
    public int? Status { get; set; }

    /// <summary>The body, encrypted, as it may hold secrets that are said only once.</summary>
    public byte[]? Answer { get; set; }
}

internal sealed class IdempotentRequestTables : IEntityTypeConfiguration<IdempotentRequest>
{
    private const int HexOfSha256 = 64;

    public void Configure(EntityTypeBuilder<IdempotentRequest> table)
    {
        table.HasKey(request => new { request.ApiKeyId, request.Key });
        table.HasIndex(request => request.At);
        table.Property(request => request.Key).HasMaxLength(IdempotentRequest.MaxKeyLength);
        table.Property(request => request.Made).HasMaxLength(PublicId.Length);
        table.Property(request => request.Fingerprint).HasMaxLength(HexOfSha256);
    }
}
