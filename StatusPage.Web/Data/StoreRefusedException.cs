namespace StatusPage.Web.Data;

/// <summary>The store is not one that this program may use: one line that says what it met and what to do. It ends the program with code 1; nothing was touched.</summary>
public sealed class StoreRefusedException(string message, Exception? inner = null) : Exception(message, inner);
