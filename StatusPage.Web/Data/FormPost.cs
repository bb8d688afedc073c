using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StatusPage.Web.Data;

/// <summary>
/// A form that was accepted, so that sending it again (a double click, a reloaded page) leads to the first result and creates nothing new.
/// </summary>
public sealed class FormPost
{
    /// <summary>Characters; our own tokens have fewer.</summary>
    public const int MaxTokenLength = 64;

    public required string Token { get; init; }

    /// <summary>Where the first sending led.</summary>
    public required string Location { get; init; }
    public required DateTimeOffset At { get; init; }
}

internal sealed class FormPostTables : IEntityTypeConfiguration<FormPost>
{
    public void Configure(EntityTypeBuilder<FormPost> table)
    {
        table.HasKey(post => post.Token);
        table.Property(post => post.Token).HasMaxLength(FormPost.MaxTokenLength);
        table.Property(post => post.Location).HasMaxLength(200);
    }
}
