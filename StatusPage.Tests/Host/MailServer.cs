using System.Buffers;
using System.Collections.Concurrent;
using MimeKit;
using SmtpServer;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace StatusPage.Tests.Host;

/// <summary>A message as it came in, with the envelope it came in.</summary>
/// <param name="From">The return path.</param>
/// <param name="Bytes">As they came over the wire.</param>
public sealed record ReceivedMail(string To, string From, MimeMessage Message, byte[] Bytes)
{
    public string Text => Message.TextBody ?? "";
    public string Html => Message.HtmlBody ?? "";
}

/// <summary>
/// A real SMTP server on loopback. It keeps the messages it gets, refuses those it is told to refuse, and can keep a sender waiting for its answer.
/// </summary>
public sealed class MailServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<int>> _refusals = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ReceivedMail> _received = [];
    private volatile TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource? _gate;

    public MailServer()
    {
        Port = Ports.Next();
        var services = new ServiceProvider();
        services.Add(new Filter(this));
        services.Add(new Store(this));
        var options = new SmtpServerOptionsBuilder()
            .ServerName("localhost")
            .Endpoint(endpoint => endpoint.Endpoint(new(System.Net.IPAddress.Loopback, Port)))
            .Build();
        _running = new SmtpServer.SmtpServer(options, services).StartAsync(_stop.Token);
    }

    public int Port { get; }

    /// <summary>For --Email:Smtp.</summary>
    public string Url => $"smtp://127.0.0.1:{Port}";

    public IReadOnlyList<ReceivedMail> Received
    {
        get
        {
            lock (_received)
                return [.. _received];
        }
    }

    public IReadOnlyList<ReceivedMail> To(string address) =>
        [.. Received.Where(mail => string.Equals(mail.To, address, StringComparison.OrdinalIgnoreCase))];

    /// <summary>The next attempts for this recipient get these codes, one after the other; after that, mail is accepted.</summary>
    public void Refuse(string recipient, params int[] codes) => _refusals[recipient] = new(codes);

    /// <summary>From now on messages are accepted, but the answer is kept back until <see cref="Release"/>.</summary>
    public void HoldAnswers() => _gate ??= new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release()
    {
        var gate = _gate;
        _gate = null;
        gate?.TrySetResult();
    }

    public async Task<ReceivedMail> WaitForAsync(Func<ReceivedMail, bool> predicate)
    {
        await WaitUntilAsync("the mail", mails => mails.Any(predicate));
        return Received.First(predicate);
    }

    public Task WaitForCountAsync(int count) => WaitUntilAsync($"{count} mails", mails => mails.Count >= count);

    public async Task WaitUntilAsync(string what, Func<IReadOnlyList<ReceivedMail>, bool> condition)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        try
        {
            while (true)
            {
                var next = _arrival.Task;
                if (condition(Received))
                    return;
                await next.WaitAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Waited for {what}; {Received.Count} mails came: {string.Join(", ", Received.Select(mail => mail.To))}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Release();
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }
        _stop.Dispose();
    }

    private SmtpResponse? RefusalFor(string recipient) =>
        _refusals.TryGetValue(recipient, out var codes) && codes.TryDequeue(out var code)
            ? new((SmtpReplyCode)code, $"<{recipient}> is not wanted")
            : null;

    private async Task<SmtpResponse> TakeAsync(IReadOnlyList<string> recipients, string from, ReadOnlySequence<byte> bytes)
    {
        using var stream = new MemoryStream(bytes.ToArray());
        var message = await MimeMessage.LoadAsync(stream);
        lock (_received)
            _received.AddRange(recipients.Select(to => new ReceivedMail(to, from, message, bytes.ToArray())));
        Interlocked.Exchange(ref _arrival, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        if (_gate is { } gate)
            await gate.Task;
        return SmtpResponse.Ok;
    }

    private sealed class Filter(MailServer server) : MailboxFilter
    {
        public override Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) =>
            server.RefusalFor(to.AsAddress()) is { } refusal ? throw new SmtpResponseException(refusal) : Task.FromResult(true);
    }

    private sealed class Store(MailServer server) : MessageStore
    {
        public override Task<SmtpResponse> SaveAsync(
            ISessionContext context,
            IMessageTransaction transaction,
            ReadOnlySequence<byte> buffer,
            CancellationToken cancellationToken
        ) => server.TakeAsync([.. transaction.To.Select(to => to.AsAddress())], transaction.From.AsAddress(), buffer);
    }
}
