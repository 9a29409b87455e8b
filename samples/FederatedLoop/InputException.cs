namespace FederatedLoop;

/// <summary>The user's input cannot be used; the message says where and what was expected.</summary>
internal sealed class InputException(string message) : Exception(message);
