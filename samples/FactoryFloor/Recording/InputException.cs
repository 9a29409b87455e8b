namespace FactoryFloor.Recording;

/// <summary>Something that the user gave is not as it should be; the message is for them.</summary>
internal sealed class InputException(string message) : Exception(message);
