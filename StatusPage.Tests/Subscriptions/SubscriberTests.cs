using StatusPage.Domain;
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
    public void Nothing_is_wanted_before_the_confirmation() =>
        Assert.False(An.Subscriber(An.PageId, "ann@example.com", [], An.Instant).Wants([Api]));

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
    public void A_webhook_that_is_not_confirmed_is_answered_for_by_who_asked_last()
    {
        var subscriber = Subscriber.ByWebhook(An.PageId, "https://hooks.example.com/x", "first@example.com", An.Instant);
        subscriber.RequestAgain([], [], "second@example.com");
        Assert.Equal("second@example.com", subscriber.Email);
        subscriber.Confirm(An.Instant);
        subscriber.RequestAgain([], [], "third@example.com");
        Assert.Equal("second@example.com", subscriber.Email);
    }

    [Fact]
    public void A_choice_counts_each_component_once() => Assert.Single(Confirmed(Api, Api).ComponentIds);
}
