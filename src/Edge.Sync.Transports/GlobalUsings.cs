global using Edge.Sync.Replication;
