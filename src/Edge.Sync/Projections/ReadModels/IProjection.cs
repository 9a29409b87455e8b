namespace Edge.Sync;

/// <summary>A read model of the app's own: SQL tables that follow from events, written in the transaction that commits them, whether they come from here or from elsewhere.</summary>
/// <remarks>
/// <para>Add it with <see cref="EdgeDatabaseOptions.AddProjection"/>. Each event is folded exactly once. Concurrent events come to replicas in different orders: so what <see cref="IProject{TEvent}.Apply"/> does must
/// commute, as adding up and setting flags do, or the projection says <see cref="Ordered"/>.</para>
/// <para>It must be pure: what it writes follows from the events alone, so that tables can be made again from the log. It never stops an edit or a sync: one that throws is stopped itself, with its tables
/// as they were before that commit; see <see cref="EdgeDatabase.GetProjectionStatusAsync"/>.</para>
/// </remarks>
public interface IProjection
{
    /// <summary>The projection's name within the file; never changed.</summary>
    static abstract string Name { get; }

    /// <summary>Grows with whatever changes the tables or what is in them: they are made anew beside the old ones, which serve meanwhile, and then take their place.</summary>
    static abstract int Version { get; }

    /// <summary>Whether events must be folded in the one order that all replicas have: where one comes that belongs before others that are folded already, these are taken back and folded again behind it.</summary>
    /// <value>The default is false: what is folded commutes, and nothing is ever folded again because of the order.</value>
    /// <remarks>
    /// The last 4,096 events can be taken back, in the commit that brings the late one. Before those, and where a table is virtual, is very wide or has <c>AUTOINCREMENT</c>, the tables are made again from the first event. Rows without a primary key
    /// have ids that may change: do not rely on them.
    /// </remarks>
    static virtual bool Ordered => false;

    /// <summary>Makes the tables, empty.</summary>
    /// <param name="sql">Takes statements; names of tables and indexes go through <see cref="ProjectionWriter.Table"/> and <see cref="ProjectionWriter.Index"/>.</param>
    void CreateTables(ProjectionWriter sql);

    /// <summary>Says which events are folded. A projection of one collection need not write this; one that is <see cref="IProject{TEvent}"/> of several adds each: <c>events.Add&lt;JobEvent&gt;(this).Add&lt;SiteEvent&gt;(this)</c>.</summary>
    void Subscribe(ProjectionEvents events);
}
