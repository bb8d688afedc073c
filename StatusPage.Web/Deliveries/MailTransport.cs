using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Deliveries;

/// <summary>Hands messages to the relay over kept connections; without a relay, writes them as .eml files.</summary>
public sealed partial class MailTransport(Settings settings, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Relays close a connection that is silent for long; one older than this is asked before it is used.</summary>
    private static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly ConcurrentStack<(SmtpClient Client, long Since)> _idle = new();

    public Task<SendResult> SendAsync(MimeMessage message, CancellationToken cancel) =>
        settings.Smtp is { } smtp ? SendAsync(smtp, message, cancel) : WriteFileAsync(message, cancel);

    public async ValueTask DisposeAsync()
    {
        while (_idle.TryPop(out var kept))
        {
            using (kept.Client)
            {
                try
                {
                    await kept.Client.DisconnectAsync(quit: true);
                }
                catch (Exception exception) when (IsTransport(exception))
                {
                    // It is gone already, which is what was wanted.
                }
            }
        }
    }

    private async Task<SendResult> SendAsync(SmtpSettings smtp, MimeMessage message, CancellationToken cancel)
    {
        SmtpClient? client = null;
        try
        {
            client = await TakeAsync(smtp, cancel);
            await client.SendAsync(message, cancel);
            _idle.Push((client, time.GetTimestamp()));
            return SendResult.Ok;
        }
        catch (SmtpCommandException refused)
        {
            client?.Dispose();
            var reason = $"The mail server answered {(int)refused.StatusCode}: {Address().Replace(refused.Message, "(address)")}";
            // RFC 5321, section 4.2.1: 5yz is final. One about the sender is a fault of ours that somebody will mend.
            var final = (int)refused.StatusCode >= 500 && refused.ErrorCode is (SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted);
            return final ? new SendResult.GiveUp(reason) : new SendResult.TryAgain(reason);
        }
        catch (AuthenticationException)
        {
            client?.Dispose();
            return new SendResult.TryAgain("The mail server refused our user name or password.");
        }
        catch (Exception exception) when (IsTransport(exception))
        {
            client?.Dispose();
            return new SendResult.TryAgain($"The mail server {smtp.Host}:{smtp.Port} cannot be reached ({exception.GetType().Name}).");
        }
    }

    private async Task<SmtpClient> TakeAsync(SmtpSettings smtp, CancellationToken cancel)
    {
        while (_idle.TryPop(out var kept))
        {
            if (time.GetElapsedTime(kept.Since) < SilentFor && kept.Client.IsConnected) return kept.Client;
            try
            {
                await kept.Client.NoOpAsync(cancel);
                return kept.Client;
            }
            catch (Exception exception) when (IsTransport(exception) || exception is SmtpCommandException)
            {
                kept.Client.Dispose();
            }
        }
        var client = new SmtpClient { Timeout = (int)Timeout.TotalMilliseconds };
        try
        {
            await client.ConnectAsync(smtp.Host, smtp.Port, smtp.Implicit ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTlsWhenAvailable, cancel);
            if (smtp.User is not null) await client.AuthenticateAsync(smtp.User, smtp.Password ?? "", cancel);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>One file for each message, named by its Message-ID, so that writing it again makes no second one.</summary>
    private async Task<SendResult> WriteFileAsync(MimeMessage message, CancellationToken cancel)
    {
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(settings.DataDirectory, "mail"));
            var file = Path.Combine(folder.FullName, $"{message.MessageId!.Split('@')[0]}.eml");
            await message.WriteToAsync(file + ".next", cancel);
            File.Move(file + ".next", file, overwrite: true);
            return SendResult.Ok;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new SendResult.TryAgain($"The .eml file cannot be written: {exception.Message}");
        }
    }

    private static bool IsTransport(Exception exception) => exception is
        IOException or SocketException or ProtocolException or TimeoutException or OperationCanceledException
        or SslHandshakeException or ServiceNotConnectedException or ServiceNotAuthenticatedException;

    [GeneratedRegex(@"<?[^\s<>]+@[^\s<>]+>?")]
    private static partial Regex Address();
}
