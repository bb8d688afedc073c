using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Pages;

namespace StatusPage.Web.Accounts.People;

/// <summary>Somebody who may sign in.</summary>
public sealed class Account : IdentityUser
{
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The code of the language that the desk and its mails speak to this person; null: as the browser asks, and English in mails.</summary>
    public string? Language { get; set; }

    /// <summary>The time step of the last code of the app that was used, in units of 30 s since 1970; null before the first.</summary>
    public long? LastCodeStep { get; private set; }

    public static Account New(string email, DateTimeOffset now) =>
        new()
        {
            UserName = email,
            Email = email,
            CreatedAt = now,
        };
}

/// <summary>Lets the person who started the program make the first owner. Worthless as soon as an account exists.</summary>
public sealed class SetUpToken
{
    /// <summary>SHA-256 of the token, in hex.</summary>
    public required string Hash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class AccountTables
    : IEntityTypeConfiguration<Account>,
        IEntityTypeConfiguration<IdentityUserPasskey<string>>,
        IEntityTypeConfiguration<SetUpToken>,
        IEntityTypeConfiguration<ApiKey>,
        IEntityTypeConfiguration<OneTimeLink>,
        IEntityTypeConfiguration<DeskSession>,
        IEntityTypeConfiguration<Membership>
{
    /// <summary>Bytes of a credential's id (WebAuthn level 3, section 5.1).</summary>
    private const int MaxCredential = 1024;

    public void Configure(EntityTypeBuilder<Account> table)
    {
        table.ToTable("Accounts");
        table.Property(account => account.Language).HasMaxLength(2);
        // Identity writes whole rows; a row that was read before a code was used would make the code valid again.
        table.Property(account => account.LastCodeStep).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
    }

    /// <summary>As in the third version of Identity's schema; set here because Identity leaves it out when its options are not at hand.</summary>
    public void Configure(EntityTypeBuilder<IdentityUserPasskey<string>> table)
    {
        table.ToTable("AspNetUserPasskeys");
        table.HasKey(passkey => passkey.CredentialId);
        table.Property(passkey => passkey.CredentialId).HasMaxLength(MaxCredential);
        table.OwnsOne(passkey => passkey.Data, data => data.ToJson());
        table.HasOne<Account>().WithMany().HasForeignKey(passkey => passkey.UserId).IsRequired().OnDelete(DeleteBehavior.Cascade);
    }

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

    public void Configure(EntityTypeBuilder<Membership> table)
    {
        table.ToTable("Memberships");
        table.HasKey(membership => new { membership.AccountId, membership.PageId });
        table.Property(membership => membership.GrantedBy).HasMaxLength(40);
        table.HasOne<Account>().WithMany().HasForeignKey(membership => membership.AccountId).OnDelete(DeleteBehavior.Cascade);
        table.HasOne<Page>().WithMany().HasForeignKey(membership => membership.PageId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<OneTimeLink> table)
    {
        table.HasOne<Page>().WithMany().HasForeignKey(link => link.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasOne<Account>().WithMany().HasForeignKey(link => link.AccountId).OnDelete(DeleteBehavior.Cascade);
        table.HasIndex(link => link.Hash).IsUnique();
        table.Property(link => link.Hash).HasMaxLength(64);
        table.Property(link => link.Email).HasMaxLength(320);
    }

    public void Configure(EntityTypeBuilder<DeskSession> table)
    {
        table.HasOne<Account>().WithMany().HasForeignKey(session => session.AccountId).OnDelete(DeleteBehavior.Cascade);
        table.Property(session => session.Id).HasMaxLength(24);
        table.Property(session => session.Address).HasMaxLength(50);
        table.Property(session => session.UserAgent).HasMaxLength(DeskSession.MaxAgentLength);
    }
}
