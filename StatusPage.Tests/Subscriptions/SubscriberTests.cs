using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Subscriptions;

namespace StatusPage.Tests.Subscriptions;

public sealed class SubscriberTests
{
    private static readonly ComponentId Api = ComponentId.New();
    private static readonly ComponentId Web = ComponentId.New();

    private static Subscriber Confirmed(params ComponentId[] components)
    {
        var subscriber = An.Subscriber(An.PageId, "ann@example.com", components, An.Instant);
        subscriber.Confirm(An.Instant);
        return subscriber;
    }

    [Fact]
    public void Nothing_is_wanted_before_the_confirmation() => Assert.False(An.Subscriber(An.PageId, "ann@example.com", [], An.Instant).Wants([Api]));

    [Fact]
    public void Without_a_choice_everything_is_wanted()
    {
        Assert.True(Confirmed().Wants([Api]));
        Assert.True(Confirmed().Wants([]));
    }

    [Fact]
    public void With_a_choice_only_what_touches_it_is_wanted()
    {
        var subscriber = Confirmed(Api);
        Assert.True(subscriber.Wants([Web, Api]));
        Assert.False(subscriber.Wants([Web]));
        Assert.False(subscriber.Wants([]));
    }

    [Fact]
    public void An_ended_subscriber_wants_nothing()
    {
        var subscriber = Confirmed();
        subscriber.End(An.Instant.AddDays(1));
        Assert.False(subscriber.Wants([Api]));
        Assert.Equal(An.Instant.AddDays(1), subscriber.EndedAt);
    }

    [Fact]
    public void Ending_twice_keeps_the_first_instant()
    {
        var subscriber = Confirmed();
        subscriber.End(An.Instant);
        subscriber.End(An.Instant.AddDays(1));
        Assert.Equal(An.Instant, subscriber.EndedAt);
    }

    [Fact]
    public void Who_asks_again_after_the_end_must_confirm_again()
    {
        var subscriber = Confirmed();
        subscriber.End(An.Instant);
        subscriber.RequestAgain([Api], []);
        Assert.Equal((SubscriptionState.Pending, null), (subscriber.State, subscriber.EndedAt));
        Assert.Equal([Api], subscriber.ComponentIds);
    }

    [Fact]
    public void A_stranger_who_asks_for_a_confirmed_address_changes_nothing()
    {
        var subscriber = Confirmed(Api);
        subscriber.RequestAgain([Web], []);
        Assert.Equal(SubscriptionState.Confirmed, subscriber.State);
        Assert.Equal([Api], subscriber.ComponentIds);
    }

    [Fact]
    public void Who_is_suppressed_and_asks_again_is_pending_and_the_old_reason_is_gone()
    {
        var subscriber = Confirmed();
        subscriber.Suppress("550", An.Instant);
        subscriber.RequestAgain([], []);
        Assert.Equal((SubscriptionState.Pending, null), (subscriber.State, subscriber.SuppressedFor));
    }

    [Fact]
    public void Two_who_ask_for_one_webhook_have_nothing_in_common()
    {
        var first = Subscriber.ByWebhook(An.PageId, "https://hooks.example.com/x", "first@example.com", An.Instant);
        var second = Subscriber.ByWebhook(An.PageId, "https://hooks.example.com/x", "second@example.com", An.Instant);
        Assert.NotEqual(first.Id, second.Id);
        Assert.NotEqual(first.Key, second.Key);
        Assert.InRange(
            Subscriber
                .ByWebhook(An.PageId, "https://example.com/" + new string('x', Subscriber.MaxEndpointLength - 20), "a@example.com", An.Instant)
                .Key.Length,
            1,
            Subscriber.MaxKeyLength
        );
    }

    [Fact]
    public void A_choice_counts_each_component_once() => Assert.Single(Confirmed(Api, Api).ComponentIds);

    [Theory]
    [InlineData('\u00e4')]
    [InlineData('\u20ac')]
    public void An_endpoint_is_as_addressas_it_is_sent(char letter)
    {
        var address = "https://hooks.example.org/" + new string(letter, 400);
        Assert.Equal("Endpoint", Assert.Throws<RuleViolation>(() => Subscriber.ByWebhook(PageId.New(), address, "ann@example.com", An.Instant)).Field);
        var fits = Subscriber.ByWebhook(PageId.New(), "https://hooks.example.org/" + new string(letter, 40), "ann@example.com", An.Instant);
        Assert.InRange(fits.Endpoint!.Length, 1, Subscriber.MaxEndpointLength);
        Assert.InRange(fits.Key.Length, 1, Subscriber.MaxKeyLength);
    }

    [Fact]
    public void A_browsers_key_is_a_point_of_the_curve()
    {
        using var key = System.Security.Cryptography.ECDiffieHellman.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(false).Q;
        byte[] good = [4, .. point.X!, .. point.Y!];
        var secret = System.Buffers.Text.Base64Url.EncodeToString(new byte[16]);
        Assert.Equal(
            Channel.WebPush,
            Subscriber
                .ByBrowser(PageId.New(), "https://push.example.org/1", System.Buffers.Text.Base64Url.EncodeToString(good), secret, An.Instant)
                .Channel
        );
        foreach (var bad in new byte[][] { [.. good[..64], (byte)(good[64] ^ 1)], [5, .. good[1..]], new byte[65], good[..64] })
            Assert.Throws<RuleViolation>(() =>
                Subscriber.ByBrowser(PageId.New(), "https://push.example.org/1", System.Buffers.Text.Base64Url.EncodeToString(bad), secret, An.Instant)
            );
    }
}
