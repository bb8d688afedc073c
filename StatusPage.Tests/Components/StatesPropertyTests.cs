using CsCheck;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;

namespace StatusPage.Tests.Components;

/// <summary>Random histories, computed once by the program and once, piece by piece, by the rule of docs/uptime.md.</summary>
public sealed class StatesPropertyTests
{
    private enum Verb
    {
        Open,
        Update,
        Resolve,
        Leave,
        Reopen,
        SetByHand,
        WithdrawUpdate,
        WithdrawAll,
        Correct,
        Delete,
        Maintain,
        Cancel,
    }

    /// <param name="Which">Picks one of the existing things.</param>
    /// <param name="Minutes">The minutes that pass before it.</param>
    private sealed record Act(Verb Verb, int Which, ComponentStatus Status, int Component, int Minutes);

    private static readonly Gen<Act> Acts = Gen.Select(
        Gen.Enum<Verb>(),
        Gen.Int[0, 5],
        Gen.Enum<ComponentStatus>(),
        Gen.Int[0, 1],
        Gen.Int[1, 400],
        (verb, which, status, component, minutes) => new Act(verb, which, status, component, minutes)
    );

    // Clocks go back on 25 October 2026 in Berlin, forward on 28 March 2027.
    private static readonly Web.Shared.Zone Berlin = Zones.Of("Europe/Berlin");
    private static readonly DateTimeOffset[] Starts = [new(2026, 10, 24, 3, 0, 0, TimeSpan.Zero), new(2027, 3, 27, 3, 0, 0, TimeSpan.Zero)];

    [Fact]
    public void States_and_uptime_are_those_of_the_rule() =>
        Gen.Select(Acts.Array[1, 25], Gen.Int[0, 1])
            .Sample(
                (acts, start) =>
                {
                    var world = new World(Starts[start]);
                    foreach (var act in acts)
                        world.Do(act);
                    world.Pass(30);
                    foreach (var component in world.Components)
                        AssertAsTheRuleSays(world, component);
                },
                iter: 300
            );

    private static void AssertAsTheRuleSays(World world, Component component)
    {
        var states = world.States;
        var (partial, major) = (0, 0);
        var worst = new Dictionary<DateOnly, ComponentStatus>();
        foreach (var (from, until) in world.Pieces(Berlin))
        {
            var state = world.RuleAt(component.Id, from);
            var minutes = (int)(until - from).TotalMinutes;
            if (state == ComponentStatus.PartialOutage)
                partial += minutes;
            if (state == ComponentStatus.MajorOutage)
                major += minutes;
            var day = Berlin.DateOf(from);
            if (state > worst.GetValueOrDefault(day))
                worst[day] = state;
        }
        Assert.Equal(world.RuleAt(component.Id, world.Now), states.Shown(component.Id, world.Now));
        var outage = Outage.Within(component, states, world.Start, world.Now);
        Assert.Equal((partial, major), (outage.Partial.TotalMinutes, outage.Major.TotalMinutes));
        var told = UptimeHistory.Tell(component, states, Berlin, world.Now);
        Assert.Equal(outage.UptimePercent(30), told.UptimePercent);
        foreach (var day in told.Troubled)
        {
            Assert.Equal(
                day.Date == told.To ? Worse(worst.GetValueOrDefault(day.Date), states.Shown(component.Id, world.Now)) : worst[day.Date],
                day.Worst
            );
            var length = (Berlin.StartOf(day.Date.AddDays(1)) - Berlin.StartOf(day.Date)).TotalMinutes;
            Assert.InRange(day.DegradedMinutes + day.PartialMinutes + day.MajorMinutes + day.MaintenanceMinutes, 0, length);
        }
        Assert.Equal((partial, major), (told.Troubled.Sum(day => day.PartialMinutes), told.Troubled.Sum(day => day.MajorMinutes)));
        Assert.Superset(worst.Keys.ToHashSet(), told.Troubled.Select(day => day.Date).ToHashSet());
    }

    private static ComponentStatus Worse(ComponentStatus one, ComponentStatus other) => one > other ? one : other;

    /// <summary>What happened, as the program stores it and as a plain list.</summary>
    private sealed class World(DateTimeOffset start)
    {
        private readonly List<ManualStatus> _manual = [];
        private readonly List<Incident> _incidents = [];
        private readonly List<Maintenance> _maintenances = [];

        public DateTimeOffset Start { get; } = start;
        public DateTimeOffset Now { get; private set; } = start;
        public Component[] Components { get; } = [A.Component("API", start), A.Component("Website", start)];
        public ComponentStates States => A.States(Components, _manual, _incidents, _maintenances);

        public void Pass(int minutes) => Now = Now.AddMinutes(minutes);

        public void Do(Act act)
        {
            Pass(act.Minutes);
            try
            {
                Try(act);
            }
            catch (RuleViolation)
            {
                // It was refused, so it never happened.
            }
        }

        private void Try(Act act)
        {
            var component = Components[act.Component];
            var incident = _incidents.Count == 0 ? null : _incidents[act.Which % _incidents.Count];
            switch (act.Verb)
            {
                case Verb.Open:
                    _incidents.Add(Incident.Open(An.PageId, "Errors", null, null, Saying(Phase.Investigating, component, act.Status), States, "ann", Now));
                    break;
                case Verb.Update:
                    incident?.Post(Saying(Phase.Identified, component, act.Status), States, "ann", Now);
                    break;
                case Verb.Resolve:
                    incident?.Post(Saying(Phase.Resolved, component, ComponentStatus.Operational), States, "ann", Now);
                    break;
                case Verb.Leave:
                    incident?.Post(An.Update(Phase.Resolved), States, "ann", Now);
                    break;
                case Verb.Reopen:
                    incident?.Reopen(An.Update(Phase.Investigating), States, "ann", Now);
                    break;
                case Verb.SetByHand:
                    _manual.Add(component.Set(act.Status, Now));
                    break;
                case Verb.WithdrawUpdate:
                    incident?.Withdraw(incident.Updates[act.Which % incident.Updates.Count].Id, "A mistake.", Now);
                    break;
                case Verb.WithdrawAll:
                    incident?.WithdrawAll("A mistake.", "ann", Now);
                    break;
                case Verb.Correct:
                    incident?.Correct(incident.Updates[act.Which % incident.Updates.Count].Id, $"Corrected at {Now:O}.", null, null, [], Now);
                    break;
                case Verb.Delete:
                    incident?.Delete(Now);
                    break;
                case Verb.Maintain:
                    _maintenances.Add(
                        Maintenance.Schedule(
                            An.PageId,
                            "Work",
                            "Work.",
                            Now.AddMinutes(act.Which * 7),
                            Now.AddMinutes(act.Which * 7 + 90),
                            [component.Id],
                            Now
                        )
                    );
                    break;
                case Verb.Cancel when _maintenances.Count > 0:
                    _maintenances[act.Which % _maintenances.Count].Cancel(Now);
                    break;
            }
        }

        private static UpdateContent Saying(Phase phase, Component component, ComponentStatus status) => An.Update(phase, components: (component, status));

        /// <summary>The time, cut wherever something happened or a day began: nothing changes within a piece.</summary>
        public IEnumerable<(DateTimeOffset From, DateTimeOffset Until)> Pieces(Web.Shared.Zone zone)
        {
            var days = Enumerable.Range(0, 30).Select(day => zone.StartOf(zone.DateOf(Start).AddDays(day)));
            var cuts = _manual
                .Select(by => by.At)
                .Concat(_incidents.SelectMany(incident => incident.Updates).Select(update => update.PostedAt))
                .Concat(_maintenances.SelectMany(work => new[] { work.ScheduledFor, work.ScheduledUntil, work.CancelledAt ?? Start }))
                .Concat(days)
                .Append(Start)
                .Append(Now)
                .Where(at => at >= Start && at <= Now)
                .Distinct()
                .Order()
                .ToList();
            return cuts.Zip(cuts.Skip(1));
        }

        /// <summary>The rule in words: see docs/uptime.md.</summary>
        public ComponentStatus RuleAt(ComponentId component, DateTimeOffset at)
        {
            var standing = _incidents.Where(incident => incident.DeletedAt is null && incident.WithdrawnAt is null).ToList();
            var said = standing
                .SelectMany(incident =>
                    incident
                        .Updates.Where(update => update.WithdrawnAt is null && update.PostedAt <= at)
                        .SelectMany(update =>
                            update
                                .Affected.Where(affected => affected.ComponentId == component)
                                .Select(affected => (At: update.PostedAt, By: (Incident?)incident, affected.NewStatus))
                        )
                )
                .Concat(_manual.Where(by => by.ComponentId == component && by.At <= at).Select(by => (by.At, By: (Incident?)null, NewStatus: by.Status)))
                .OrderBy(one => one.At)
                .ToList();
            var lastByHand = said.FindLastIndex(one => one.By is null);
            var counts = new List<ComponentStatus> { ComponentStatus.Operational };
            for (var i = 0; i < said.Count; i++)
            {
                var (_, by, status) = said[i];
                var isItsLast = !said.Skip(i + 1).Any(later => later.By == by);
                var isTheLast = i == said.Count - 1;
                if (isTheLast || (by is not null && isItsLast && i > lastByHand && IsOpen(by, at)))
                    counts.Add(status);
            }
            var isMaintained = _maintenances.Any(work =>
                work.ComponentIds.Contains(component) && work.ScheduledFor <= at && at < work.ScheduledUntil && !(work.CancelledAt <= at)
            );
            if (isMaintained)
                counts.Add(ComponentStatus.UnderMaintenance);
            return counts.Max();
        }

        private static bool IsOpen(Incident incident, DateTimeOffset at) =>
            incident.Updates.LastOrDefault(update => update.WithdrawnAt is null && update.PostedAt <= at) is { } last && !last.Phase.IsOver();
    }
}
