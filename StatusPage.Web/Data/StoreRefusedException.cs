namespace StatusPage.Web.Data;

/// <summary>
/// This program may not use the store. The message says in one line why, and what to do. It ends the program with code 1; nothing was changed.
/// </summary>
public sealed class StoreRefusedException(string message, Exception? inner = null) : Exception(message, inner);
