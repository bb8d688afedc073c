using StatusPage.Domain;
using StatusPage.Domain.Subscriptions;

namespace StatusPage.Tests.Subscriptions;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("ann@example.com", "ann@example.com")]
    [InlineData("  ann@example.com ", "ann@example.com")]
    [InlineData("Ann.Lee+status@Example.COM", "Ann.Lee+status@example.com")]
    [InlineData("o'brien@mail.example.co.uk", "o'brien@mail.example.co.uk")]
    [InlineData("root@localhost", "root@localhost")]
    [InlineData("ann@M\u00fcnchen.example", "ann@xn--mnchen-3ya.example")]
    [InlineData("ann@\uff45xample.com", "ann@example.com")]
    [InlineData("ann@e\u017fxample.com", "ann@esxample.com")]
    [InlineData("अजय@डाटा.भारत", "अजय@xn--c2bd1gb.xn--h2brj9c")]
    [InlineData("हिन्दी@डाटा.भारत", "हिन्दी@xn--c2bd1gb.xn--h2brj9c")]
    [InlineData("jo\u0308rg@example.com", "j\u00f6rg@example.com")]
    [InlineData("ann@bu\u0308cher.example", "ann@xn--bcher-kva.example")]
    [InlineData("ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example")]
    [InlineData("用户@例え.テスト", "用户@xn--r8jz45g.xn--zckzah")]
    [InlineData("משתמש@דוגמה.example", "משתמש@xn--6dbbec0c.example")]
    public void An_address_is_accepted(string typed, string kept) => Assert.Equal(kept, EmailAddress.Checked(typed));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ann")]
    [InlineData("ann@")]
    [InlineData("@example.com")]
    [InlineData("ann@example")]
    [InlineData("ann@example..com")]
    [InlineData("ann@.example.com")]
    [InlineData("ann@example.com.")]
    [InlineData("ann@@example.com")]
    [InlineData("ann lee@example.com")]
    [InlineData("Ann <ann@example.com>")]
    [InlineData("ann@example.com,ben@example.com")]
    [InlineData("ann@example.com;ben@example.com")]
    [InlineData("ann@example.com\r\nBcc: ben@example.com")]
    [InlineData("ann@example.com\nben@example.com")]
    [InlineData("ann@exam\rple.com")]
    [InlineData("ann\0@example.com")]
    [InlineData("ann@example.com\u2028ben")]
    [InlineData("ann.@example.com")]
    [InlineData(".ann@example.com")]
    [InlineData("ann..lee@example.com")]
    [InlineData("ann@ex!ample.com")]
    [InlineData("ann@b.c\u200b")]
    [InlineData("ann@x.\u202ecom")]
    [InlineData("ann\uffff@x.com")]
    [InlineData("ann@example.com\u037e")]
    [InlineData("mar\u212a@example.com")]
    [InlineData("joe@vi\u00adctim.example")]
    public void What_is_not_one_address_is_refused(string? typed) =>
        Assert.Equal("Email", Assert.Throws<RuleViolation>(() => EmailAddress.Checked(typed)).Field);

    [Theory]
    [InlineData("user@bücher.example")]
    [InlineData("User@BÜCHER.example")]
    [InlineData(" user@xn--bcher-kva.example ")]
    public void However_it_is_typed_it_is_looked_up_as_one(string typed) =>
        Assert.Equal(EmailAddress.Key(EmailAddress.Checked("user@bücher.example")), EmailAddress.KeyOf(typed));

    [Fact]
    public void A_local_part_longer_than_64_is_refused() => Assert.Throws<RuleViolation>(() => EmailAddress.Checked(new string('a', 65) + "@example.com"));

    [Fact]
    public void An_address_longer_than_254_is_refused() =>
        Assert.Throws<RuleViolation>(() => EmailAddress.Checked("a@" + string.Join('.', Enumerable.Repeat(new string('b', 50), 6)) + ".com"));

    [Fact]
    public void Spellings_that_differ_in_case_are_one_subscriber() =>
        Assert.Equal(EmailAddress.Key("Ann@example.com"), EmailAddress.Key("aNN@example.com"));

    [Theory]
    [InlineData("bo\u017f\u017f@example.com", "boss@example.com")]
    [InlineData("m\u0130ke@example.com", "mike@example.com")]
    [InlineData("\uff42oss@example.com", "boss@example.com")]
    public void A_look_alike_is_somebody_else(string one, string other) =>
        Assert.NotEqual(EmailAddress.Key(EmailAddress.Checked(one)), EmailAddress.Key(other));

    [Fact]
    public void However_its_domain_is_spelt_a_mailbox_is_one() =>
        Assert.Single(
            new[] { "joe@victim.example", "joe@VICTIM.example", "joe@\uff56ictim.example" }
                .Select(address => EmailAddress.Mailbox(EmailAddress.Checked(address)))
                .Distinct()
        );
}
