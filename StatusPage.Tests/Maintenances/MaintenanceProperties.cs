using CsCheck;
using StatusPage.Domain;
using StatusPage.Domain.Maintenances;

namespace StatusPage.Tests.Maintenances;

/// <summary>Properties of a maintenance that hold for all changes, in any order and at any time.</summary>
public sealed class MaintenanceProperties
{
    private static readonly ComponentId[] Components = [ComponentId.New(), ComponentId.New()];

    private static readonly Gen<MaintenanceConduct> Conducts = Gen.Select(
        Gen.Bool,
        Gen.Enum<MaintenanceEnd>(),
        Gen.Int[1, 300],
        Gen.Int[-1, 2],
        Gen.Bool,
        (starts, end, verify, reminder, tells) =>
            new MaintenanceConduct(
                starts,
                end,
                verify > 200 ? null : TimeSpan.FromMinutes(verify),
                reminder < 0 ? null : MaintenanceConduct.Reminders[reminder],
                tells
            )
    );

    /// <summary>Minutes after the first instant of the sequence; some lie before it.</summary>
    private static readonly Gen<DateTimeOffset> Instants = Gen.Int[-3000, 6000].Select(minutes => An.Instant.AddMinutes(minutes));

    private static readonly Gen<MaintenanceRequest> Requests = Gen.Select(
        Maybe(OneOf("Upgrade", "Another title", " ", "Upgrade ")),
        Maybe(OneOf("We upgrade.", "Other words.")),
        MaybeValue(Instants),
        MaybeValue(Instants),
        Maybe(OneOf<ComponentId[]>([], [Components[0]], [Components[1], Components[0]])),
        Maybe(Conducts),
        MaybeValue(Gen.Enum<MaintenancePhase>()),
        Maybe(OneOf("It goes well.", "", "Half done.")),
        (title, body, from, until, components, conduct, phase, news) =>
            new MaintenanceRequest
            {
                Title = title,
                Body = body,
                From = from,
                Until = until,
                Components = components,
                Conduct = conduct,
                Phase = phase,
                News = news,
                Author = "ann",
            }
    );

    /// <summary>A step of the clock in minutes, and the request made then; null is a cancellation.</summary>
    private static readonly Gen<(int Minutes, MaintenanceRequest? Request)[]> Acts = Gen.Select(
        Gen.Int[0, 400],
        Gen.Select(Gen.Int[0, 12], Requests, (chance, request) => chance == 0 ? null : request)
    ).Array[1, 25];

    private static readonly Gen<(Maintenance Work, (int Minutes, MaintenanceRequest? Request)[] Acts)> Lives = Gen.Select(
        Gen.Int[-1000, 3000],
        Gen.Int[1, 2000],
        Conducts,
        Acts,
        (start, length, conduct, acts) =>
            (
                Maintenance.Schedule(
                    An.PageId,
                    "Upgrade",
                    "We upgrade.",
                    An.Instant.AddMinutes(start),
                    An.Instant.AddMinutes(Math.Max(start, 0) + length),
                    [Components[0]],
                    An.Instant,
                    conduct
                ),
                acts
            )
    );

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static Gen<T?> Maybe<T>(Gen<T> gen)
        where T : class => Gen.Select(Gen.Int[0, 4], gen, (chance, value) => chance < 3 ? null : value);

    private static Gen<T?> MaybeValue<T>(Gen<T> gen)
        where T : struct => Gen.Select(Gen.Int[0, 4], gen, (chance, value) => chance < 3 ? (T?)null : value);

    [Fact]
    public void Whatever_is_done_to_it_the_rules_hold() =>
        Lives.Sample(
            life =>
            {
                var (work, now) = (life.Work, An.Instant);
                foreach (var (minutes, request) in life.Acts)
                {
                    var (phase, at) = (work.PhaseAt(now), now);
                    now = now.AddMinutes(minutes);
                    // The clock alone moves it forward or leaves it, but never moves it back.
                    for (var then = at; then <= now; phase = work.PhaseAt(then), then = then.AddMinutes(37))
                        Assert.True(work.PhaseAt(then) >= phase, "The clock took it back.");
                    var (before, version, cancelled, posts, stood) = (work.State(), work.Version, work.CancelledAt, work.Posts.Count, work.PhaseAt(now));
                    var done = Attempt(work, request, now, out var change);
                    if (!done || change is null && request is not null)
                    {
                        Assert.Equal(before, work.State());
                        continue;
                    }
                    Assert.Null(cancelled);
                    Assert.Equal(version + 1, work.Version);
                    Assert.Equal(now, work.UpdatedAt);
                    Assert.True(work.ScheduledFor < work.ScheduledUntil);
                    if (request is null)
                        continue;
                    Hold(work, request, change!, posts, stood, now);
                    // A request without news changes nothing when it is sent again at once. (Conduct is an exception: a person who takes over says so with
                    // a post.)
                    if (string.IsNullOrWhiteSpace(request.News) && request.Conduct is null)
                    {
                        var after = work.State();
                        Assert.Null(work.Change(request, now));
                        Assert.Equal(after, work.State());
                    }
                }
            },
            iter: 3000
        );

    private static bool Attempt(Maintenance work, MaintenanceRequest? request, DateTimeOffset now, out MaintenanceChange? change)
    {
        change = null;
        try
        {
            if (request is null)
                work.Cancel(now);
            else
                change = work.Change(request, now);
            return true;
        }
        catch (RuleViolation)
        {
            return false;
        }
    }

    private static void Hold(Maintenance work, MaintenanceRequest request, MaintenanceChange change, int posts, MaintenancePhase stood, DateTimeOffset now)
    {
        Assert.NotEqual(MaintenancePhase.Completed, stood);
        if (change.Post is { } post)
        {
            Assert.Same(post, work.Posts[^1]);
            Assert.Equal(post.Phase, work.PhaseAt(now));
            if (request.Phase is { } asked)
                Assert.Equal(asked, post.Phase);
        }
        else
        {
            Assert.Equal(posts, work.Posts.Count);
            // A plan alone may begin it, but cannot change the phase otherwise.
            Assert.True(
                work.PhaseAt(now) == stood || (stood == MaintenancePhase.Scheduled && work.PhaseAt(now) == MaintenancePhase.InProgress),
                $"A plan moved it from {stood} to {work.PhaseAt(now)}."
            );
        }
        Assert.Equal(Enumerable.Range(1, work.Posts.Count), work.Posts.Select(one => one.Number));
        if (change.IsMoved)
            Assert.True(work.ScheduledUntil > now, "It was moved into the past.");
    }
}
