using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;

namespace StatusPage.Web.Subscriptions;

internal sealed class SubscriptionTables : IEntityTypeConfiguration<Subscriber>
{
    /// <summary>The filter that leaves only subscribers of the public; a query for members of a stakeholder group has to turn it off.</summary>
    public const string OfThePublic = "public";

    public void Configure(EntityTypeBuilder<Subscriber> table)
    {
        table.HasKey(subscriber => subscriber.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(subscriber => subscriber.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasOne<Audience>().WithMany().HasForeignKey(subscriber => subscriber.AudienceId).OnDelete(DeleteBehavior.Restrict);
        table.HasQueryFilter(OfThePublic, subscriber => subscriber.AudienceId == null);
        table.HasIndex(subscriber => new { subscriber.PageId, subscriber.Key }).IsUnique();
        // How many would be told, and how many there are in each state: counted from the index alone.
        table.HasIndex(subscriber => new
        {
            subscriber.PageId,
            subscriber.State,
            subscriber.Channel,
            subscriber.WantsEverything,
            subscriber.AudienceId,
        });
        // The list at the desk, the newest first.
        table.HasIndex(subscriber => new
        {
            subscriber.PageId,
            subscriber.CreatedAt,
            subscriber.Id,
        });
        table.HasIndex(subscriber => new { subscriber.PageId, subscriber.Email });
        // Confirming a webhook ends the earlier subscriptions of its endpoint.
        table.HasIndex(subscriber => new { subscriber.PageId, subscriber.Endpoint }).HasFilter("\"Endpoint\" IS NOT NULL");
        table.Property(subscriber => subscriber.Email).HasMaxLength(EmailAddress.MaxLength);
        table.HasIndex(subscriber => new { subscriber.PageId, subscriber.Id });
        table.Property(subscriber => subscriber.Key).HasMaxLength(Subscriber.MaxKeyLength);
        table.Property(subscriber => subscriber.Endpoint).HasMaxLength(Subscriber.MaxPushEndpointLength);
        table.Property(subscriber => subscriber.PushKey).HasMaxLength(100);
        table.Property(subscriber => subscriber.PushSecret).HasMaxLength(40);
        table.Property(subscriber => subscriber.Language).HasMaxLength(8);
        table.Property(subscriber => subscriber.SuppressedFor).HasMaxLength(500);
    }
}

public static class SubscriberQueries
{
    /// <summary>
    /// Finds subscribers by a part of their key or address. A webhook's address is found only by those who may see the whole of it: otherwise a search
    /// would tell it part by part.
    /// </summary>
    /// <param name="inFull">Whether the reader may publish.</param>
    public static IQueryable<Subscriber> Find(this IQueryable<Subscriber> subscribers, string? text, bool inFull)
    {
        // Domains are kept in ASCII, as mail servers know them, and what stands in front of the @ as it was typed.
        if (text is not null && EmailAddress.InAscii(text) is { } ascii && ascii != text)
        {
            var (typed, domain) = (Search.PatternOf(text), Search.PatternOf(ascii));
            return subscribers.Where(row =>
                EF.Functions.Like(Search.Fold(row.Email ?? ""), typed, Search.Escape)
                || EF.Functions.Like(Search.Fold(row.Email ?? ""), domain, Search.Escape)
            );
        }
        return subscribers.Where(
            inFull
                ? Search.In<Subscriber>(row => row.Key + " " + (row.Email ?? ""), text, isOfAddresses: true)
                : Search.In<Subscriber>(row => row.Email ?? "", text, isOfAddresses: true)
        );
    }

    /// <summary>Includes the members of stakeholder groups.</summary>
    public static IQueryable<Subscriber> WithMembers(this IQueryable<Subscriber> subscribers) =>
        subscribers.IgnoreQueryFilters([SubscriptionTables.OfThePublic]);
}
