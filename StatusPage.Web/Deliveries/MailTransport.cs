using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using MimeKit.Cryptography;
using StatusPage.Domain;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.Channels;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Deliveries;

/// <summary>The mail server accepts nothing from us.</summary>
public sealed record MailTrouble(string Reason, DateTimeOffset Since);

/// <summary>
/// Hands messages to the relay over kept connections; without a relay, writes them as .eml files. A failure before a recipient was named counts as no
/// attempt for anybody: sending stops for a pause that grows with each failure.
/// </summary>
public sealed partial class MailTransport(Settings settings, MailRoutes routes, OutboundGuard guard, Throttle throttle, TimeProvider time)
    : IAsyncDisposable
{
    /// <summary>Relays close idle connections; one that was idle for longer than this is checked before it is used.</summary>
    private static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(5);

    /// <summary>TCP_SYNCNT of tcp(7), the number of connection requests: after four repeats, that is after 31 s, the connection is given up.</summary>
    private const int TcpSynCount = 7;
    private const int SynPackets = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>This many refusals in a row that are not about the mailbox pause the domain.</summary>
    private const int DomainRefusals = 3;
    private static readonly TimeSpan DomainPause = TimeSpan.FromMinutes(1);

    private const string Files = "Written to a file, since no mail server is set. Nobody has received it.";

    private static readonly SendResult.Sent Written = new() { Instead = Files };

    private const string NoLetters =
        "The mail server offers no SMTPUTF8 (RFC 6531), so it takes no address with letters beyond ASCII in front of the @. Set one that offers it as Email:Smtp.";

    /// <summary>For a recipient whose address has letters beyond ASCII.</summary>
    private static readonly FormatOptions Letters = WithLetters();

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>RFC 6376, section 5.4.1: the headers that a reader sees, and those that distinguish the message from others.</summary>
    private static readonly HeaderId[] Signed =
    [
        HeaderId.From,
        HeaderId.Subject,
        HeaderId.Date,
        HeaderId.MessageId,
        HeaderId.To,
        HeaderId.MimeVersion,
        HeaderId.ContentType,
        HeaderId.References,
        HeaderId.ListId,
        HeaderId.ListUnsubscribe,
        HeaderId.ListUnsubscribePost,
    ];

    private readonly ConcurrentStack<(Connection Connection, long Since)> _idle = new();

    private readonly DkimSigner? _signer = settings.Dkim is { } dkim
        ? new(dkim.KeyFile, dkim.Domain, dkim.Selector)
        {
            HeaderCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
            BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
        }
        : null;

    private readonly Lock _pausing = new();
    private TimeSpan _pause;
    private DateTimeOffset? _pausedUntil;
    private MailTrouble? _trouble;

    /// <summary>The server that the trouble is about. Another one has none.</summary>
    private SmtpSettings? _troubled;

    /// <summary>Refusals in a row, by domain. Strangers name the domains, so the table is emptied when it gets large.</summary>
    private readonly ConcurrentDictionary<string, int> _refusals = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Set while the mail server accepts nothing from us, so that a million rows do not find out one by one.</summary>
    public DateTimeOffset? PausedUntil =>
        _pausedUntil is { } until && until.IsAhead(time.GetUtcNow(), LongestPause) && _troubled == routes.Known.Smtp ? until : null;

    /// <summary>Why, and since when; null while the server accepts mails.</summary>
    public MailTrouble? Trouble => _troubled == routes.Known.Smtp ? _trouble : null;

    /// <param name="subscriber">Null: a member of the team.</param>
    public async Task<SendResult> SendAsync(MailContent content, SubscriberId? subscriber, string email, CancellationToken cancel) =>
        (await routes.FindAsync(cancel)).Smtp is { } smtp
            ? Send(smtp, content, subscriber, email, cancel)
            : await WriteFileAsync(content, subscriber, email, cancel);

    /// <summary>Sends one mail now, by a connection of its own and even while sending is paused.</summary>
    /// <returns>Whether the server took it, and what it answered.</returns>
    public async Task<(bool IsTaken, string Answer)> TestAsync(MailContent content, string email, CancellationToken cancel)
    {
        if ((await routes.LookAsync(cancel)).Smtp is not { } smtp)
            return (false, await WriteFileAsync(content, null, email, cancel) is SendResult.NotSent failed ? failed.Reason : Files);
        while (_idle.TryPop(out var kept))
            kept.Connection.Dispose();
        _pausedUntil = null;
        string? heard = null;
        var result = await Task.Run(() => Send(smtp, content, null, email, cancel, answer => heard = answer), cancel);
        var answer = result is SendResult.NotSent refused ? refused.Reason : $"250 {Address().Replace(heard ?? "", "(address)")}";
        if (smtp.Password is { Length: > 0 } password)
            answer = answer.Replace(password, "(password)", StringComparison.Ordinal);
        return (result is SendResult.Sent, Text.Cut(Text.Shown(answer, ""), SendResult.MaxReason));
    }

    private static FormatOptions WithLetters()
    {
        var options = FormatOptions.Default.Clone();
        options.International = true;
        return options;
    }

    public async ValueTask DisposeAsync()
    {
        while (_idle.TryPop(out var kept))
        {
            using (kept.Connection)
            {
                try
                {
                    await kept.Connection.Client.DisconnectAsync(quit: true);
                }
                catch (Exception exception) when (IsTransport(exception))
                {
                    // The connection is closed already, as wanted.
                }
            }
        }
    }

    /// <param name="heard">Receives the server's answer to the message.</param>
    private SendResult Send(
        SmtpSettings smtp,
        MailContent content,
        SubscriberId? subscriber,
        string email,
        CancellationToken cancel,
        Action<string>? heard = null
    )
    {
        if (PausedUntil is { } until)
            return new SendResult.Postpone(until, Trouble?.Reason ?? "");
        Connection? client = null;
        var domain = email[(email.LastIndexOf('@') + 1)..];
        try
        {
            client = Take(smtp, cancel);
            var letter = client.LetterFor(content);
            letter.AddressTo(subscriber, email);
            var options = FormatOptions.Default;
            // A domain in another script has a form in ASCII that every server takes.
            var needsLetters = !System.Text.Ascii.IsValid(letter.Recipient.LocalPart);
            client.Offer(needsLetters);
            if (needsLetters)
            {
                if (!client.TakesLetters)
                {
                    _idle.Push((client, time.GetTimestamp()));
                    return new SendResult.GiveUp(NoLetters);
                }
                options = Letters;
            }
            Sign(letter, options);
            // Not async: eight blocking threads cost a quarter less than eight tasks, and the lane gives us threads of our own.
            var answer = client.Client.Send(options, letter.Message, letter.Sender, [letter.Recipient], cancel);
            heard?.Invoke(answer);
            _idle.Push((client, time.GetTimestamp()));
            (_pausedUntil, _trouble, _troubled, _pause) = (null, null, null, default);
            if (!_refusals.IsEmpty)
                _refusals.TryRemove(domain, out _);
            return SendResult.Ok;
        }
        catch (SmtpCommandException refused)
        {
            client?.Dispose();
            var reason = $"The mail server answered {(int)refused.StatusCode}: {Address().Replace(refused.Message, "(address)")}";
            // No recipient was named yet, or the server refused the sender, who is the same for everybody.
            if (client is null || refused.ErrorCode == SmtpErrorCode.SenderNotAccepted)
                return Paused(smtp, reason);
            // RFC 5321, section 4.2.1: 5yz is final.
            if ((int)refused.StatusCode >= 500 && refused.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted)
                return new SendResult.GiveUp(reason);
            if (!IsOfMailbox(refused.Message))
                NoteRefusal(domain);
            return new SendResult.TryAgain(reason);
        }
        catch (NotSupportedException) when (client is null)
        {
            return Paused(
                smtp,
                $"The mail server {smtp.Host}:{smtp.Port} offers no STARTTLS, and no password is sent in clear. "
                    + "Where the network is trusted, Email:Smtp may end in ?starttls=never."
            );
        }
        catch (NotSupportedException)
        {
            client?.Dispose();
            return new SendResult.GiveUp(NoLetters);
        }
        catch (AuthenticationException)
        {
            client?.Dispose();
            return Paused(smtp, "The mail server refused our user name or password.");
        }
        catch (SslHandshakeException refused)
        {
            client?.Dispose();
            return Paused(smtp, $"No secure connection to the mail server {smtp.Host}:{smtp.Port}: {WhyNot(refused, smtp.Host)}");
        }
        catch (RefusedAddressException refused)
        {
            return Paused(smtp, refused.Message);
        }
        catch (Exception exception) when (IsTransport(exception))
        {
            client?.Dispose();
            var reason = $"The mail server {smtp.Host}:{smtp.Port} cannot be reached ({exception.GetType().Name}).";
            return client is null ? Paused(smtp, reason) : new SendResult.TryAgain(reason);
        }
    }

    private string WhyNot(SslHandshakeException refused, string host)
    {
        if (refused.ServerCertificate is not X509Certificate2 certificate)
            return "the two found no version of TLS that both speak.";
        var now = time.GetUtcNow();
        if (certificate.NotAfter.ToUniversalTime() < now)
            return string.Create(CultureInfo.InvariantCulture, $"its certificate ended on {certificate.NotAfter.ToUniversalTime():d MMMM yyyy}.");
        if (!certificate.MatchesHostname(host))
            return $"its certificate is for another name than {host}.";
        return certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)
            ? "its certificate is signed by itself. Put it among those that this machine trusts (SSL_CERT_DIR, SSL_CERT_FILE)."
            : "its certificate comes from an authority that this machine does not trust. "
                + "Put that among those that it trusts (SSL_CERT_DIR, SSL_CERT_FILE).";
    }

    /// <summary>Several connections notice it at once; that counts as one failure.</summary>
    private SendResult.Postpone Paused(SmtpSettings smtp, string reason)
    {
        lock (_pausing)
        {
            var now = time.GetUtcNow();
            if (PausedUntil is not { } until)
            {
                _pause =
                    _pause == default || _troubled != smtp ? FirstPause
                    : _pause * 2 < LongestPause ? _pause * 2
                    : LongestPause;
                _pausedUntil = until = now + _pause;
            }
            (_trouble, _troubled) = (new(reason, Trouble?.Since ?? now), smtp);
            return new(until, reason);
        }
    }

    /// <summary>Pauses a domain that refuses mail after mail, so that the other domains do not wait and this one is not hammered.</summary>
    private void NoteRefusal(string domain)
    {
        if (_refusals.Count >= Throttle.Most)
            _refusals.Clear();
        var refusals = _refusals.AddOrUpdate(domain, 1, (_, before) => before + 1);
        if (refusals < DomainRefusals)
            return;
        var pause = TimeSpan.FromTicks(
            Math.Min((DomainPause * Math.Pow(2, Math.Min(refusals - DomainRefusals, 10))).Ticks, TimeSpan.FromMinutes(30).Ticks)
        );
        throttle.Close(Domain.Channels.Channel.Email, domain, time.GetUtcNow() + pause);
    }

    /// <summary>RFC 3463, section 3.2: X.1.x is about the address and X.2.x about the mailbox; neither says anything about others at the domain.</summary>
    private static bool IsOfMailbox(string answer) => OfMailbox().IsMatch(answer);

    [GeneratedRegex(@"^[45]\.[12]\.", RegexOptions.NonBacktracking)]
    private static partial Regex OfMailbox();

    /// <param name="options">Those with which it is sent, as the signature is about its very bytes.</param>
    private void Sign(Letter letter, FormatOptions options)
    {
        if (_signer is null)
            return;
        letter.Message.Headers.RemoveAll(HeaderId.DkimSignature);
        lock (_signer)
            _signer.Sign(options, letter.Message, [.. Signed.Where(letter.Message.Headers.Contains)]);
    }

    private Connection Take(SmtpSettings smtp, CancellationToken cancel)
    {
        while (_idle.TryPop(out var kept))
        {
            if (kept.Connection.To != smtp)
            {
                kept.Connection.Dispose();
                continue;
            }
            if (time.GetElapsedTime(kept.Since) < SilentFor && kept.Connection.Client.IsConnected)
                return kept.Connection;
            try
            {
                kept.Connection.Client.NoOp(cancel);
                return kept.Connection;
            }
            catch (Exception exception) when (IsTransport(exception) || exception is SmtpCommandException)
            {
                kept.Connection.Dispose();
            }
        }
        var client = new ReadySmtpClient { Timeout = (int)Timeout.TotalMilliseconds };
        try
        {
            var socket = Connected(smtp);
            client.Connect(socket, smtp.Host, smtp.Port, smtp.Tls, cancel);
            if (smtp.User is not null)
                client.Authenticate(smtp.User, smtp.Password ?? "", cancel);
            return new(client, smtp);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Without NoDelay, which MailKit does not set, a message that ends in a partial packet waits 40 ms for the ACK of the one before. A socket that was
    /// never used asynchronously blocks in the kernel; with any other, .NET wakes a thread for each answer.
    /// </summary>
    private Socket Connected(SmtpSettings smtp)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (OperatingSystem.IsLinux())
                socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, TcpSynCount, BitConverter.GetBytes(SynPackets));
            if (smtp.IsGuarded)
                socket.Connect(guard.MailAddressesOf(smtp.Host), smtp.Port);
            else
                socket.Connect(smtp.Host, smtp.Port);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>One file for each message, named by its Message-ID, so that writing it again creates no second one.</summary>
    private async Task<SendResult> WriteFileAsync(MailContent content, SubscriberId? subscriber, string email, CancellationToken cancel)
    {
        using var letter = new Letter(content);
        letter.AddressTo(subscriber, email);
        Sign(letter, FormatOptions.Default);
        var message = letter.Message;
        try
        {
            var folder = DataFolder.Folder(Path.Combine(settings.DataDirectory, DataFolder.Mails));
            var file = Path.Combine(folder, $"{message.MessageId!.Split('@')[0]}.eml");
            await using (var stream = DataFolder.Open(file + ".next", FileMode.Create))
                await message.WriteToAsync(stream, cancel);
            File.Move(file + ".next", file, overwrite: true);
            return Written;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new SendResult.TryAgain($"The .eml file cannot be written: {exception.Message}");
        }
    }

    /// <summary>A kept connection, with the last letter sent over it.</summary>
    private sealed record Connection(SmtpClient Client, SmtpSettings To) : IDisposable
    {
        private Letter? _letter;

        /// <summary>Whether the server takes addresses with letters beyond ASCII in front of the @.</summary>
        public bool TakesLetters { get; } = Client.Capabilities.HasFlag(SmtpCapabilities.UTF8);

        /// <summary>
        /// MailKit asks for SMTPUTF8 wherever a domain has a form in another script. A message that does not need it would be lost at the next server that
        /// has none (RFC 6531, section 3.1), so it does not learn of it then.
        /// </summary>
        public void Offer(bool letters)
        {
            if (letters && TakesLetters)
                Client.Capabilities |= SmtpCapabilities.UTF8;
            else
                Client.Capabilities &= ~SmtpCapabilities.UTF8;
        }

        public Letter LetterFor(MailContent content)
        {
            if (_letter?.Content == content)
                return _letter;
            _letter?.Dispose();
            return _letter = new(content);
        }

        public void Dispose()
        {
            _letter?.Dispose();
            Client.Dispose();
        }
    }

    /// <summary>Our messages are already seven-bit with short lines.</summary>
    private sealed class ReadySmtpClient : SmtpClient
    {
        protected override void Prepare(FormatOptions options, MimeMessage message, EncodingConstraint constraint, int maxLineLength) { }
    }

    private static bool IsTransport(Exception exception) =>
        exception
            is IOException
                or SocketException
                or ProtocolException
                or TimeoutException
                or OperationCanceledException
                or ServiceNotConnectedException
                or ServiceNotAuthenticatedException;

    [GeneratedRegex(@"<?[^\s<>]+@[^\s<>]+>?", RegexOptions.NonBacktracking)]
    private static partial Regex Address();
}
