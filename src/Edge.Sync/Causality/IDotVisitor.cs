namespace Edge.Sync.Causality;

/// <summary>Is shown the dots that something names.</summary>
internal interface IDotVisitor
{
    void Visit(Dot dot);
}
