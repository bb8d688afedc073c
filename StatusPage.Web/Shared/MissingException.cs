namespace StatusPage.Web.Shared;

/// <summary>What an address of the desk names is not there: whoever asks gets 404.</summary>
public sealed class MissingException(string message) : Exception(message);
