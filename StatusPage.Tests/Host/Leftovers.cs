using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace StatusPage.Tests.Host;

/// <summary>Processes that must end with the tests, however these end: an interrupted run leaves no server behind.</summary>
internal static class Leftovers
{
    private static readonly ConcurrentDictionary<object, Action> Ends = [];

    // .NET 10 no longer turns SIGTERM into an ordinary exit; the signal takes its own effect after these handlers have run.
    private static readonly PosixSignalRegistration[] Signals =
    [
        .. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, _ => EndAll())),
    ];

    static Leftovers() => AppDomain.CurrentDomain.ProcessExit += (_, _) => EndAll();

    public static void Add(object owner, Action end)
    {
        GC.KeepAlive(Signals);
        Ends[owner] = end;
    }

    public static void Remove(object owner) => Ends.TryRemove(owner, out _);

    private static void EndAll()
    {
        foreach (var owner in Ends.Keys)
            if (Ends.TryRemove(owner, out var end))
                end();
    }
}
