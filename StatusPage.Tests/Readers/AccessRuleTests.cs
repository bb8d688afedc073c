using CsCheck;
using StatusPage.Domain;
using StatusPage.Domain.Readers;

namespace StatusPage.Tests.Readers;

/// <summary>Who may read a private page.</summary>
public sealed class AccessRuleTests
{
    private static readonly DateTimeOffset Now = An.Instant;

    private static AccessRule Rule(string? passwordHash = null, params string[] people) =>
        new()
        {
            Stamp = "stamp",
            Key = new byte[32],
            PrivateSince = Now,
            PasswordHash = passwordHash,
            MailsLinks = true,
            People = people,
        };

    [Fact]
    public void A_proof_reads_as_it_was_signed_and_under_its_own_key_alone() =>
        Gen.Select(Gen.Enum<ReaderRoad>(), Gen.String, Gen.Byte.Array[32], Gen.Byte.Array[32])
            .Sample(
                (road, about, key, other) =>
                {
                    var well = string.Concat(about.Where(c => !char.IsSurrogate(c)));
                    var proof = ReaderProof.Of(road, well.Length > 200 ? well[..200] : well, DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
                    var signed = proof.Sign(key);
                    if (signed.Length <= ReaderProof.MaxLength)
                        Assert.Equal(proof, ReaderProof.Read(signed, key));
                    if (!key.SequenceEqual(other))
                        Assert.Null(ReaderProof.Read(signed, other));
                }
            );

    [Fact]
    public void No_part_of_a_proof_can_be_changed()
    {
        var key = new byte[32];
        var signed = ReaderProof.Of(ReaderRoad.Listed, "ann@acme.example", Now).Sign(key);
        for (var at = 0; at < signed.Length; at++)
            if (signed[at] != '.')
            {
                var changed = signed[..at] + (signed[at] == 'A' ? 'B' : 'A') + signed[(at + 1)..];
                // The last letter of base64 has bits that say nothing.
                Assert.True(ReaderProof.Read(changed, key) is not { } read || read == ReaderProof.Read(signed, key), changed);
            }
        foreach (var nonsense in new[] { "", ".", "a", "a.b.c", "é.é", new string('a', 5_000) })
            Assert.Null(ReaderProof.Read(nonsense, key));
    }

    [Fact]
    public void Each_road_admits_as_long_as_it_is_open()
    {
        var password = Rule("a hash");
        var by = ReaderProof.Of(ReaderRoad.Password, password.PasswordMark!, Now);
        Assert.True(password.Admits(by, Now));
        Assert.False(password.Admits(by, Now + ReaderProof.LastsFor));
        Assert.False(Rule("another hash").Admits(by, Now));
        Assert.False(Rule().Admits(by, Now));
        Assert.False(Rule().Admits(by with { About = "" }, Now));

        var listed = ReaderProof.Of(ReaderRoad.Listed, "Ann@acme.example", Now);
        Assert.True(Rule(null, "ann@acme.example").Admits(listed, Now));
        Assert.True(Rule(null, "acme.example").Admits(listed, Now));
        Assert.False(Rule(null, "bob@acme.example").Admits(listed, Now));
        Assert.False((Rule(null, "acme.example") with { MailsLinks = false }).Admits(listed, Now));

        var subscriber = ReaderProof.Of(ReaderRoad.Subscriber, "ann@acme.example", Now);
        Assert.False(Rule().Admits(subscriber, Now));
        Assert.True((Rule() with { SubscribersRead = true }).Admits(subscriber, Now));

        var provider = ReaderProof.Of(ReaderRoad.Provider, "", Now);
        Assert.False(Rule().Admits(provider, Now));
        Assert.True((Rule() with { ProviderReads = true }).Admits(provider, Now));
        Assert.False((Rule(null, "acme.example") with { ProviderReads = true, ProviderListedOnly = true }).Admits(provider, Now));
        Assert.False((Rule() with { ProviderReads = true }).Admits(new((ReaderRoad)9, Now.AddDays(1), ""), Now));
    }

    [Theory]
    [InlineData("ann@acme.example", true)]
    [InlineData(" ANN@ACME.example ", true)]
    [InlineData("bob@acme.example", false)]
    [InlineData("anyone@wide.example", true)]
    [InlineData("anyone@sub.wide.example", false)]
    [InlineData("anyone@notwide.example", false)]
    [InlineData("wide.example", false)]
    [InlineData("@wide.example", false)]
    [InlineData("x@evil.example@wide.example", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void The_list_names_addresses_and_whole_domains(string? email, bool isCovered)
    {
        var list = ReaderList.Parse("Ann@acme.example\n@Wide.Example, bücher.example", "People");
        Assert.Equal(["ann@acme.example", "wide.example", "xn--bcher-kva.example"], list);
        Assert.Equal(isCovered, ReaderList.Covers(list.ToHashSet(), email));
    }

    [Fact]
    public void What_is_neither_address_nor_domain_is_refused_by_name() =>
        Assert.Contains("'@c'", Assert.Throws<RuleViolation>(() => ReaderList.Parse("acme.example, @c", "People")).Message, StringComparison.Ordinal);

    [Fact]
    public void Only_those_who_may_read_are_told()
    {
        var listed = Rule(null, "acme.example");
        Assert.Null(listed.Objection("ann@acme.example", false));
        Assert.Contains("not on the list", listed.Objection("eve@evil.example", false), StringComparison.Ordinal);
        Assert.NotNull(listed.Objection("eve@evil.example", false));
        // The team entered them itself.
        Assert.Null(listed.Objection("eve@evil.example", true));
        Assert.Null(listed.Objection(null, false));
        Assert.Null((listed with { SubscribersRead = true }).Objection("eve@evil.example", false));
        // Where no road uses the list, it says nothing of who reads.
        Assert.Null((listed with { MailsLinks = false, PasswordHash = "a hash" }).Objection("eve@evil.example", false));
        Assert.NotNull(listed.Objection(Now.AddDays(-1)));
        Assert.Null(listed.Objection(Now.AddDays(1)));
    }

    [Fact]
    public void A_road_that_would_let_nobody_in_is_refused()
    {
        var access = PageAccess.Of(An.PageId, Now);
        Assert.Throws<RuleViolation>(() => access.Close(new() { MailsLinks = true }, null, Now));
        Assert.Throws<RuleViolation>(() => access.Close(new() { ProviderReads = true, ProviderListedOnly = true }, null, Now));
        Assert.Null(access.Rule([]));
        Assert.Throws<RuleViolation>(() => access.Close(new(), null, Now));
        access.Close(new() { TeamOnly = true }, null, Now);
        Assert.NotNull(access.Rule([]));
        var (before, key) = (access.Stamp, access.Key);
        access.SignEverybodyOut(Now);
        Assert.NotEqual(before, access.Stamp);
        Assert.NotEqual(key, access.Key);
        access.Open(Now);
        Assert.Null(access.Rule([]));
    }
}
