using System.Threading.Channels;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>Requested resets that wait for the worker: the request is answered before anything is looked up.</summary>
public sealed class ResetRequests
{
    private const int Most = 1000;
    private readonly Channel<string> _waiting = Channel.CreateBounded<string>(
        new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public void Ask(string email) => _waiting.Writer.TryWrite(email);

    public IAsyncEnumerable<string> ReadAsync(CancellationToken cancel) => _waiting.Reader.ReadAllAsync(cancel);
}

/// <summary>Writes the mails outside of the requests, so that response times do not reveal which addresses have an account.</summary>
public sealed partial class ResetWorker(ResetRequests requests, IServiceScopeFactory scopes, WorkerTools tools, ILogger<ResetWorker> logger)
    : Worker("New passwords", tools, logger)
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)];

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        await foreach (var email in requests.ReadAsync(stopping))
            await WriteAsync(email, stopping);
        return TimeSpan.Zero;
    }

    /// <summary>The person was told that a mail is on its way, so a store that is busy or away for a moment is asked again.</summary>
    private async Task WriteAsync(string email, CancellationToken cancel)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<Resets>().AskAsync(email, cancel);
                return;
            }
            catch (Exception exception) when (!cancel.IsCancellationRequested)
            {
                if (attempt == Pauses.Length)
                {
                    Log.Failed(logger, exception.GetType().Name);
                    return;
                }
                Log.Again(logger, exception.GetBaseException().GetType().Name);
            }
            await Task.Delay(Pauses[attempt], Time, cancel);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(259, LogLevel.Information, "A mail for a new password could not be written yet ({Reason}); it is tried again.")]
        public static partial void Again(ILogger logger, string reason);

        [LoggerMessage(250, LogLevel.Warning, "A new password was asked for and the mail could not be written ({Reason}); it has to be asked for again.")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
