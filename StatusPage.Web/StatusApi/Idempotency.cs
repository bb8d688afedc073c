using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;

namespace StatusPage.Web.StatusApi;

/// <summary>
/// <c>Idempotency-Key</c> on a request that writes (the IETF's draft-ietf-httpapi-idempotency-key-header): a request that is sent again within a day is
/// answered as it was the first time and changes nothing more. A failed request is not kept, so that it can be mended and sent again. The key is written
/// in the transaction of the request's change: of two at the same moment one makes the change, and the other waits for its answer. Where that answer was
/// lost, with the line or with the program, what the request made is told as it is now.
/// </summary>
public sealed class Idempotency : IEndpointFilter
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    /// <summary>
    /// How long the first request may take from its change to its answer, before the answer counts as lost: it waits two seconds for the page.
    /// </summary>
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!http.Request.Headers.TryGetValue(Header, out var given))
            return await next(context);
        var key = given.ToString();
        if (key.Length is 0 or > IdempotentRequest.MaxKeyLength || key.Any(char.IsControl))
            throw new ApiException(
                StatusCodes.Status400BadRequest,
                $"{Header} must have 1 to {IdempotentRequest.MaxKeyLength} characters, such as a UUID."
            );
        var services = http.RequestServices;
        var db = services.GetRequiredService<StatusDb>();
        var secrets = services.GetRequiredService<IDataProtectionProvider>().CreateProtector(nameof(IdempotentRequest));
        var time = services.GetRequiredService<TimeProvider>();
        var now = time.GetUtcNow();
        var caller = http.User.ApiKeyId();
        var fingerprint = await FingerprintAsync(http.Request, http.RequestAborted);
        await db.IdempotentRequests.Where(row => row.ApiKeyId == caller && row.At < now - KeptFor).ExecuteDeleteAsync(http.RequestAborted);
        if (await FindAsync(db, caller, key, time, http.RequestAborted) is { } known)
            return await AgainAsync(known, fingerprint, secrets, http);

        var row = new IdempotentRequest
        {
            ApiKeyId = caller,
            Key = key,
            Fingerprint = fingerprint,
            At = now,
        };
        db.IdempotentRequests.Add(row);
        // What the request makes is known when it is written, in the same transaction. Its answer comes later, and may never come.
        void Note(object? sender, SavingChangesEventArgs saving) => row.Made ??= LostAnswers.MadeIn(db.ChangeTracker);
        object? result;
        db.SavingChanges += Note;
        try
        {
            result = await next(context);
        }
        catch (DbUpdateException exception) when (StoreSetup.IsDuplicate(exception))
        {
            // Perhaps it is the key that existed already.
            db.ChangeTracker.Clear();
            if (await FindAsync(db, caller, key, time, http.RequestAborted) is { } first)
                return await AgainAsync(first, fingerprint, secrets, http);
            throw;
        }
        finally
        {
            db.SavingChanges -= Note;
        }
        if (result is not JsonBytes { Status: < 300 } answer)
            return result;
        (row.Status, row.Answer) = (answer.Status, secrets.Protect(answer.Body.ToArray()));
        // Where the handler wrote without tracking, the row is written now.
        if (db.Entry(row).State == EntityState.Detached)
            db.IdempotentRequests.Add(row);
        await db.SaveChangesAsync(http.RequestAborted);
        return result;
    }

    /// <summary>Null when nothing was sent under the key. Waits for a request that is still being answered.</summary>
    private static async Task<IdempotentRequest?> FindAsync(StatusDb db, int caller, string key, TimeProvider time, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var known = await db.IdempotentRequests.AsNoTracking().FirstOrDefaultAsync(row => row.ApiKeyId == caller && row.Key == key, cancel);
            if (known is not { Answer: null } || time.GetUtcNow() - known.At > AnsweredWithin || Stopwatch.GetElapsedTime(began) > AnsweredWithin)
                return known;
            await Task.Delay(Look, cancel);
        }
    }

    private static async Task<object?> AgainAsync(IdempotentRequest known, string fingerprint, IDataProtector secrets, HttpContext http)
    {
        if (known.Fingerprint != fingerprint)
            throw new ApiException(StatusCodes.Status422UnprocessableEntity, $"This {Header} was sent before with another request. Use a new one.");
        if (known is not { Status: { } status, Answer: { } answer })
        {
            if (await LostAnswers.TellAsync(http, known.Made))
                return Results.Empty;
            throw new ApiException(
                StatusCodes.Status409Conflict,
                $"The first request with this {Header} was carried out, but its answer was lost. Read what is there now."
            );
        }
        http.Response.Headers[ReplayedHeader] = "true";
        return new JsonBytes(status, secrets.Unprotect(answer));
    }

    private static async Task<string> FingerprintAsync(HttpRequest request, CancellationToken cancel)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}\n"));
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancel)) > 0)
            hash.AppendData(buffer, 0, read);
        request.Body.Position = 0;
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
