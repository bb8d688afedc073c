namespace StatusPage.Web.Shared;

/// <summary>Thrown where an address of the desk names something that does not exist; the answer is 404.</summary>
public sealed class MissingException(string message) : Exception(message);
