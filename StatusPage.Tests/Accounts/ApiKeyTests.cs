using StatusPage.Domain;
using StatusPage.Domain.Accounts;

namespace StatusPage.Tests.Accounts;

public sealed class ApiKeyTests
{
    [Fact]
    public void Only_the_hash_is_kept()
    {
        var (row, key) = ApiKey.Create(An.PageId, "ci", Role.Comms, An.Instant);
        Assert.Equal(ApiKey.HashOf(key), row.Hash);
        Assert.Matches("^[0-9a-f]{64}$", row.Hash);
        Assert.DoesNotContain(row.GetType().GetProperties(), property => property.GetValue(row) as string == key);
    }

    [Fact]
    public void A_key_can_be_recognised_as_ours() => Assert.Matches("^sp_[A-Za-z0-9]{33}$", ApiKey.Create(An.PageId, "ci", Role.Comms, An.Instant).Key);

    [Fact]
    public void Two_keys_differ() =>
        Assert.NotEqual(ApiKey.Create(An.PageId, "ci", Role.Comms, An.Instant).Key, ApiKey.Create(An.PageId, "ci", Role.Comms, An.Instant).Key);

    [Fact]
    public void The_hint_tells_keys_apart_and_gives_nothing_away()
    {
        var (row, key) = ApiKey.Create(An.PageId, "ci", Role.Comms, An.Instant);
        Assert.Equal(key[..7], row.Hint);
    }

    [Fact]
    public void A_key_needs_a_name() => Assert.Throws<RuleViolation>(() => ApiKey.Create(An.PageId, " ", Role.Comms, An.Instant));

    [Fact]
    public void Revoking_twice_keeps_the_first_instant()
    {
        var (row, _) = ApiKey.Create(An.PageId, "ci", Role.Comms, An.Instant);
        row.Revoke(An.Instant);
        row.Revoke(An.Instant.AddDays(1));
        Assert.Equal(An.Instant, row.RevokedAt);
    }
}
