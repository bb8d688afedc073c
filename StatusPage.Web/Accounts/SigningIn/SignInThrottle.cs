using StatusPage.Web.Hosting;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>An attempt: who guesses what.</summary>
/// <param name="Kind">What is guessed; passwords, codes and proofs are counted separately.</param>
/// <param name="Browser">The id of a browser that the account has used before; null for a stranger's.</param>
public sealed record Guess(string Kind, string Account, string Address, string? Browser)
{
    public const string Password = "password",
        Code = "code",
        Proof = "proof";

    /// <param name="name">Name of the account, as it is looked up: all spellings that lead to one account are counted together.</param>
    public static Guess Of(string kind, string? name, HttpContext http, string? browser) => new(kind, name ?? "", ClientAddress.Of(http), browser);
}

public enum GuessResult
{
    Right,
    Wrong,

    /// <summary>There were too many wrong guesses, so this one was not checked, or does not count.</summary>
    Waiting,
}

/// <summary>
/// Limits how often somebody may guess a password or a code. Guesses are counted by account and by origin, so that nobody locks anybody else out: a
/// browser that the account has used before has its own count, whatever strangers do.
/// </summary>
public sealed class SignInThrottle(Counts counts)
{
    /// <summary>By one browser, or for one account from one address.</summary>
    private const int Few = 5;
    private static readonly TimeSpan Short = TimeSpan.FromMinutes(5);

    /// <summary>For one account, from all addresses together, by browsers that it does not know.</summary>
    private const int AtAccount = 25;

    /// <summary>From one address, for all accounts together; the address may be an office of many people.</summary>
    private const int FromAddress = 50;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(15);

    /// <param name="look">Receives whether the guess counts. If it does not, a right answer changes nothing.</param>
    public async Task<GuessResult> JudgeAsync(Guess guess, Func<bool, Task<bool>> look, CancellationToken cancel)
    {
        var counted = await TakeAsync(guess, cancel);
        if (await look(counted) && counted)
        {
            await ForgiveAsync(guess, cancel);
            return GuessResult.Right;
        }
        await counts.AddAsync($"{guess.Kind}.address", guess.Address, Long, cancel);
        return counted ? GuessResult.Wrong : GuessResult.Waiting;
    }

    /// <summary>Counts a guess before it is checked, so that many at once gain nothing.</summary>
    /// <returns>Whether it counts. If not, it is treated as wrong.</returns>
    private async Task<bool> TakeAsync(Guess guess, CancellationToken cancel)
    {
        if (guess.Browser is { } browser)
            return await counts.AddAsync($"{guess.Kind}.browser", browser, Short, cancel) <= Few;
        var here = await counts.AddAsync($"{guess.Kind}.pair", $"{guess.Account}|{guess.Address}", Short, cancel);
        // A guess that is refused here is not counted, and keeps nobody else waiting.
        if (here > Few || await counts.ReadAsync($"{guess.Kind}.address", guess.Address, Long, cancel) >= FromAddress)
            return false;
        return await counts.AddAsync($"{guess.Kind}.account", guess.Account, Long, cancel) <= AtAccount;
    }

    /// <summary>The guess was right, so earlier wrong ones are forgotten.</summary>
    private async Task ForgiveAsync(Guess guess, CancellationToken cancel)
    {
        if (guess.Browser is { } browser)
            await counts.ForgetAsync($"{guess.Kind}.browser", browser, cancel);
        else
        {
            await counts.ForgetAsync($"{guess.Kind}.pair", $"{guess.Account}|{guess.Address}", cancel);
            await counts.ForgetAsync($"{guess.Kind}.account", guess.Account, cancel);
        }
    }
}
