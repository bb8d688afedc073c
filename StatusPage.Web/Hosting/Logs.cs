using System.Globalization;
using System.Text.RegularExpressions;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Compact;
using Serilog.Parsing;
using StatusPage.Web.Data;

namespace StatusPage.Web.Hosting;

/// <summary>Serilog on the console: readable, or compact JSON with <c>Log:Format=json</c>.</summary>
public static partial class Logs
{
    public static void AddLogs(this WebApplicationBuilder builder)
    {
        var format = builder.Configuration["Log:Format"] ?? "text";
        ITextFormatter formatter = format switch
        {
            "text" => new Lines(),
            "json" => new CompactJsonFormatter(),
            _ => throw new SettingException("Log:Format", format, "text or json"),
        };
        var level = builder.Configuration["Log:Level"] ?? "Information";
        if (!Enum.TryParse<LogEventLevel>(level, ignoreCase: true, out var least) || !Enum.IsDefined(least))
            throw new SettingException("Log:Level", level, "Verbose, Debug, Information, Warning, Error or Fatal");
        builder.Services.AddSerilog(
            (services, logs) =>
                logs
                    .MinimumLevel.Is(least)
                    .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
                    .MinimumLevel.Override("System", LogEventLevel.Warning)
                    // It would make a scope and an activity for every request, for lines that nothing here writes.
                    .MinimumLevel.Override("Microsoft.AspNetCore.Hosting.Diagnostics", LevelAlias.Off)
                    // The start itself reports unencrypted keys in our own store.
                    .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)
                    // A failed command reaches its caller, which logs it without its parameters.
                    .MinimumLevel.Override("Microsoft.EntityFrameworkCore", LogEventLevel.Fatal)
                    // Failures.cs logs unforeseen exceptions, with the endpoint and without the address.
                    .MinimumLevel.Override("Microsoft.AspNetCore.Diagnostics", LogEventLevel.Fatal)
                    // An unreadable cookie is its sender's fault, and strangers must not fill the log with it. The form says what is wrong.
                    .MinimumLevel.Override("Microsoft.AspNetCore.Antiforgery", LogEventLevel.Fatal)
                    // The ledger has the outcome of each request.
                    .MinimumLevel.Override("Polly", LevelAlias.Off)
                    .MinimumLevel.Override("ZiggyCreatures.Caching.Fusion", LogEventLevel.Fatal)
                    // The program reports a wrong setting or store in one line and ends; the host would log where in the code it was found.
                    .Filter.ByExcluding(IsSaidAlready)
                    .Enrich.FromLogContext()
                    .WriteTo.Console(new Redacting(formatter))
                    .ReadFrom.Services(services),
            // Several programs in one process, as in the tests, would otherwise all log like the last of them.
            preserveStaticLogger: true
        );
    }

    /// <summary>The host also logs how a start ended: because it was asked to stop, or because the web server could not listen.</summary>
    private static bool IsSaidAlready(LogEvent log)
    {
        if (log.Exception is SettingException or StoreRefusedException)
            return true;
        var isHost =
            log.Properties.TryGetValue(Constants.SourceContextPropertyName, out var source)
            && source is ScalarValue { Value: "Microsoft.Extensions.Hosting.Internal.Host" };
        return isHost && log.Exception is { } exception && (exception is OperationCanceledException || Listening.Failure(exception) is not null);
    }

    /// <summary>
    /// Only events begin at the start of a line, so that text quoted from outside by a message or an exception cannot pass for an event of its own.
    /// </summary>
    public sealed class Lines : ITextFormatter
    {
        public void Format(LogEvent logEvent, TextWriter output)
        {
            var level = logEvent.Level switch
            {
                LogEventLevel.Verbose => "VRB",
                LogEventLevel.Debug => "DBG",
                LogEventLevel.Information => "INF",
                LogEventLevel.Warning => "WRN",
                LogEventLevel.Error => "ERR",
                _ => "FTL",
            };
            output.Write(string.Create(CultureInfo.InvariantCulture, $"{logEvent.Timestamp:HH:mm:ss} {level} "));
            using var message = new StringWriter(CultureInfo.InvariantCulture);
            // Writes texts without quotes around them.
            foreach (var token in logEvent.MessageTemplate.Tokens)
            {
                if (
                    token is PropertyToken named
                    && logEvent.Properties.TryGetValue(named.PropertyName, out var value)
                    && value is ScalarValue { Value: string text }
                )
                    message.Write(text);
                else
                    token.Render(logEvent.Properties, message, CultureInfo.InvariantCulture);
            }
            foreach (var c in message.ToString())
            {
                if (char.IsControl(c) || c is '\u2028' or '\u2029')
                    output.Write(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"));
                else
                    output.Write(c);
            }
            output.WriteLine();
            if (logEvent.Exception is null)
                return;
            foreach (var line in logEvent.Exception.ToString().ReplaceLineEndings("\n").Split('\n'))
                output.WriteLine($"  {line}");
        }
    }

    /// <summary>The last net: no address leaves through the log, whatever a library puts into an exception's text.</summary>
    internal sealed partial class Redacting(ITextFormatter inner) : ITextFormatter
    {
        public void Format(LogEvent logEvent, TextWriter output)
        {
            using var text = new StringWriter();
            inner.Format(logEvent, text);
            output.Write(Address().Replace(text.ToString(), "(address)"));
        }

        [GeneratedRegex(@"[^\s<>()""'\\:;,=]+@[^\s<>()""'\\:;,=]+", RegexOptions.NonBacktracking)]
        private static partial Regex Address();
    }
}
