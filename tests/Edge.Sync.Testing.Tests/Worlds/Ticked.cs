namespace Edge.Sync.Testing.Tests.Worlds;

[EdgeEvent("ticked")]
public sealed partial record Ticked(int Number);
