namespace System.Runtime.CompilerServices;

/// <summary>What records need from the framework; netstandard2.0 lacks it.</summary>
internal static class IsExternalInit;
