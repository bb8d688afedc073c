using StatusPage.Web.Hosting;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>Who guesses what.</summary>
/// <param name="Kind">What is guessed, so that passwords, codes and proofs are counted apart.</param>
/// <param name="Browser">What stands for a browser that the account has used before; null for a stranger's.</param>
public sealed record Guess(string Kind, string Account, string Address, string? Browser)
{
    public const string Password = "password",
        Code = "code",
        Proof = "proof";

    /// <param name="name">Of the account, as it is looked up: the spellings that lead to one account are counted together.</param>
    public static Guess Of(string kind, string? name, HttpContext http, string? browser) => new(kind, name ?? "", ClientAddress.Of(http), browser);
}

public enum GuessResult
{
    Right,
    Wrong,

    /// <summary>Not looked at, or in vain: there were too many wrong ones.</summary>
    Waiting,
}

/// <summary>
/// How often somebody may guess a password or a code. What is counted is who is guessed at and from where, so that nobody shuts out anybody else: a browser that
/// the account has used before has a count of its own, whatever strangers do.
/// </summary>
public sealed class SignInThrottle(Counts counts)
{
    /// <summary>By one browser, or at one account from one address.</summary>
    private const int Few = 5;
    private static readonly TimeSpan Short = TimeSpan.FromMinutes(5);

    /// <summary>At one account, from all addresses together, by browsers that it does not know.</summary>
    private const int AtAccount = 25;

    /// <summary>From one address, at all accounts together; an office of many people may stand behind it.</summary>
    private const int FromAddress = 50;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(15);

    /// <param name="look">Is told whether the guess counts. Where it does not, a right answer changes nothing.</param>
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

    /// <summary>Counts a guess before it is looked at, so that many at once gain nothing.</summary>
    /// <returns>Whether it counts. Otherwise it is wrong, whatever it is.</returns>
    private async Task<bool> TakeAsync(Guess guess, CancellationToken cancel)
    {
        if (guess.Browser is { } browser)
            return await counts.AddAsync($"{guess.Kind}.browser", browser, Short, cancel) <= Few;
        var here = await counts.AddAsync($"{guess.Kind}.pair", $"{guess.Account}|{guess.Address}", Short, cancel);
        // What is refused here is no guess, and keeps nobody else waiting.
        if (here > Few || await counts.ReadAsync($"{guess.Kind}.address", guess.Address, Long, cancel) >= FromAddress)
            return false;
        return await counts.AddAsync($"{guess.Kind}.account", guess.Account, Long, cancel) <= AtAccount;
    }

    /// <summary>It was right: who typed it wrong before is forgiven.</summary>
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
