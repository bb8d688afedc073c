namespace StatusPage.Tests.Host;

/// <summary>Waits for something that happens elsewhere: asks again and again, and says what it waited for when the time is up.</summary>
public static class Eventually
{
    /// <summary>Long, because a busy machine may be slow. A wait ends as soon as its condition holds.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(180);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static Task TrueAsync(string what, Func<Task<bool>> condition) => GetAsync<object>(what, async () => await condition() ? what : null);

    public static Task TrueAsync(string what, Func<bool> condition) => TrueAsync(what, () => Task.FromResult(condition()));

    /// <summary>The first answer that is not null.</summary>
    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> ask)
        where T : class
    {
        using var timer = new PeriodicTimer(Pause);
        using var deadline = new CancellationTokenSource(Deadline);
        do
        {
            if (await ask() is { } answer)
                return answer;
        } while (!deadline.IsCancellationRequested && await timer.WaitForNextTickAsync());
        throw new TimeoutException($"This did not happen within {Deadline.TotalSeconds} s: {what}");
    }
}
