using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>
/// Notes a failed attempt, for existing accounts only: what was typed as another name could be anything, even a password. It is written after the answer
/// is sent, so that the time of the answer does not reveal whether there was anything to note.
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
