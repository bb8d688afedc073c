using CsCheck;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;

namespace StatusPage.Tests.Alerts;

/// <summary>What a stream of alerts comes to, in whatever order its reports arrive.</summary>
public sealed class AlertHistoryTests
{
    private static readonly DateTimeOffset Now = An.Instant;

    private readonly AlertHistory _stream = new(AlertSourceId.New(), "k", Now);
    private DateTimeOffset _now = Now;

    private static DateTimeOffset At(double minutes) => Now.AddMinutes(minutes);

    private static AlertOccasion Of(string name, double began) => AlertOccasion.Of(At(began), name, $"{began}");

    private static AlertEvent Event(AlertSignal signal, double? at, params AlertOccasion[] occasions) =>
        new("k", signal, "t", "") { At = at is { } minutes ? At(minutes) : null, Occasions = occasions };

    /// <returns>Whether it fires afterwards.</returns>
    private bool Fires(double? at, params AlertOccasion[] occasions) => Take(Event(AlertSignal.Firing, at, occasions));

    private bool Ends(double? at, params AlertOccasion[] occasions) => Take(Event(AlertSignal.Resolved, at, occasions));

    private bool _isOpen;

    private bool Take(AlertEvent alert)
    {
        if (alert.Signal == AlertSignal.Firing)
        {
            if (_stream.IsOldNews(alert, _now))
                _stream.Pass(alert, _now);
            else
            {
                _stream.Fire(alert, _now);
                _isOpen = true;
            }
            return _isOpen;
        }
        var isOld = _stream.IsOldEnd(alert, _now);
        _stream.End(alert, _now);
        _isOpen &= isOld;
        return _isOpen;
    }

    [Fact]
    public void A_report_that_its_end_overtook_changes_nothing_and_repeated_it_fires()
    {
        Assert.False(Ends(-10));
        Assert.False(Fires(-30));
        Assert.True(Fires(-30));
    }

    [Fact]
    public void What_fires_on_after_its_end_fires()
    {
        Assert.True(Fires(-30));
        Assert.False(Ends(-10));
        Assert.True(Fires(-30));
        Assert.False(Ends(-10));
    }

    [Fact]
    public void Another_alert_of_a_group_fires_though_it_began_before_the_end_of_the_first()
    {
        Assert.True(Fires(-60, Of("a", -60)));
        Assert.False(Ends(-30, Of("a", -60)));
        Assert.True(Fires(-50, Of("b", -50)));
    }

    [Fact]
    public void An_alert_that_was_silenced_when_its_group_ended_fires_when_it_no_longer_is()
    {
        Assert.True(Fires(-60, Of("a", -60), Of("b", -50)));
        _now = Now.AddMinutes(5);
        Assert.False(Ends(4, Of("a", -60)));
        Assert.True(Fires(-50, Of("b", -50)));
    }

    [Fact]
    public void A_group_that_fires_again_unchanged_fires()
    {
        Assert.True(Fires(-60, Of("a", -60), Of("b", -50)));
        Assert.False(Ends(-30, Of("a", -60), Of("b", -50)));
        _now = Now.AddMinutes(6);
        // A part of it, later than any report is late.
        Assert.True(Fires(-60, Of("a", -60)));
    }

    [Fact]
    public void An_end_in_the_future_ends_at_its_receipt()
    {
        Ends(100_000);
        _now = Now.AddMinutes(1);
        Assert.True(Fires(1));
        Assert.False(Ends(100_000));
        _now = Now.AddMinutes(2);
        Assert.True(Fires(2));
    }

    [Fact]
    public void An_old_end_ends_nothing_newer()
    {
        Assert.True(Fires(-10));
        Assert.True(Ends(-20));
        Assert.False(Ends(-5));
        Assert.True(Fires(-3, Of("b", -3)));
        Assert.True(Ends(-5, Of("a", -10)));
        Assert.False(Ends(-1, Of("b", -3)));
    }

    [Fact]
    public void A_fire_in_the_future_can_be_ended()
    {
        Assert.True(Fires(100_000));
        Assert.False(Ends(0));
    }

    [Fact]
    public void A_sender_whose_clock_is_behind_and_whose_end_has_no_time_fires_again()
    {
        Assert.True(Fires(-10));
        Assert.False(Ends(null));
        Assert.True(Fires(-2));
    }

    [Fact]
    public void Of_a_source_whose_reports_are_each_another_an_old_one_stays_old()
    {
        var old = Event(AlertSignal.Firing, -30) with { NeverRepeats = true };
        Take(old);
        Ends(-10);
        Assert.False(Take(old));
        Assert.False(Take(old));
    }

    [Fact]
    public void An_alias_that_is_closed_and_used_again_is_another_alert()
    {
        AlertOccasion first = new("1", null),
            second = new("2", null);
        Assert.True(Fires(-30, first));
        Assert.True(Fires(-1, second));
        Assert.True(Ends(null, first));
        Assert.False(Ends(null, second));
    }

    [Fact]
    public void A_group_that_lost_an_alert_unseen_still_ends()
    {
        Assert.True(Fires(-60, Of("a", -60), Of("b", -50)));
        _now = Now.AddMinutes(10);
        Assert.True(Fires(-60, Of("a", -60)));
        Assert.False(Ends(9, Of("a", -60)));
    }

    /// <summary>What happens in a group, one thing after another: which alerts fire, and at last whether any does.</summary>
    private static IEnumerable<AlertEvent> Story(bool[] steps)
    {
        var minute = -1_000;
        for (var i = 0; i < steps.Length; i++)
        {
            var one = Of($"a{i}", minute);
            var two = Of($"b{i}", minute + 10);
            yield return Event(AlertSignal.Firing, minute, one);
            if (steps[i])
                yield return Event(AlertSignal.Firing, minute, one, two);
            if (i < steps.Length - 1)
                yield return Event(AlertSignal.Resolved, minute + 20, steps[i] ? [one, two] : [one]);
            minute += 30;
        }
    }

    private static AlertEvent[] Shuffled(IEnumerable<AlertEvent> story, int seed)
    {
        var order = story.ToArray();
        new Random(seed).Shuffle(order);
        return order;
    }

    [Fact]
    public void A_group_that_fires_at_last_fires_in_every_order_of_arrival_and_one_that_ended_has_ended() =>
        Gen.Select(Gen.Bool.Array[1, 3], Gen.Bool, Gen.Int)
            .Sample(
                (steps, ends, seed) =>
                {
                    var story = Story(ends ? [.. steps, false] : steps).ToList();
                    if (ends)
                        story.RemoveAt(story.Count - 1);
                    var test = new AlertHistoryTests();
                    foreach (var alert in Shuffled(story, seed))
                        test.Take(alert);
                    return test._isOpen == !ends;
                },
                iter: 2_000
            );

    [Fact]
    public void Reports_with_a_time_of_their_own_come_to_the_same_in_every_order_of_arrival() =>
        Gen.Select(Gen.Bool.Array[1, 7], Gen.Int)
            .Sample(
                (signals, seed) =>
                {
                    var story = signals
                        .Select((fires, i) => Event(fires ? AlertSignal.Firing : AlertSignal.Resolved, i - 100) with { NeverRepeats = true })
                        .ToList();
                    var test = new AlertHistoryTests();
                    foreach (var alert in Shuffled(story, seed))
                        test.Take(alert);
                    return test._isOpen == signals[^1];
                },
                iter: 2_000
            );

    [Fact]
    public void No_live_alert_is_passed_over_twice() =>
        Gen.Select(Gen.Int[-60, 60].Array[0, 6], Gen.Int[-60, 60])
            .Sample(
                (ends, began) =>
                {
                    var test = new AlertHistoryTests();
                    foreach (var end in ends)
                        test.Ends(end);
                    test.Fires(began);
                    return test.Fires(began);
                }
            );
}
