using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Accounts;

namespace StatusPage.Web.Accounts;

/// <summary>Somebody who may sign in.</summary>
public sealed class Account : IdentityUser
{
    public Role Role { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>Lets whoever started the program make the first owner. Worthless as soon as there is an account.</summary>
public sealed class SetUpToken
{
    /// <summary>SHA-256 of the token, in hex.</summary>
    public required string Hash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class AccountTables : IEntityTypeConfiguration<Account>, IEntityTypeConfiguration<SetUpToken>, IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<Account> table) => table.ToTable("Accounts");

    public void Configure(EntityTypeBuilder<SetUpToken> table)
    {
        table.HasKey(token => token.Hash);
        table.Property(token => token.Hash).HasMaxLength(64);
    }

    public void Configure(EntityTypeBuilder<ApiKey> table)
    {
        table.HasIndex(key => key.Hash).IsUnique();
        table.Property(key => key.Name).HasMaxLength(ApiKey.MaxNameLength);
        table.Property(key => key.Hash).HasMaxLength(64);
        table.Property(key => key.Hint).HasMaxLength(12);
    }
}
