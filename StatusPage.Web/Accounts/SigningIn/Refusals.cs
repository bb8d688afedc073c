using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>
/// Notes a try that failed, for accounts that are there; what was typed for others could be anything, a password too. It is written when the answer is out,
/// so that the time of the answer does not tell whether there was anything to note.
/// </summary>
public sealed partial class Refusals(Sessions sessions, ILogger<Refusals> logger)
{
    public void Note(HttpContext http, Account? account, string why)
    {
        if (account is null)
            return;
        http.Response.OnCompleted(async () =>
        {
            try
            {
                await sessions.RefuseAsync(account, why, http);
            }
            catch (Exception exception) when (StoreSetup.IsOutage(exception))
            {
                Log.NotNoted(logger, exception.GetBaseException().Message);
            }
        });
    }

    private static partial class Log
    {
        [LoggerMessage(252, LogLevel.Warning, "A refused sign-in could not be noted in the audit: {Reason}")]
        public static partial void NotNoted(ILogger logger, string reason);
    }
}
