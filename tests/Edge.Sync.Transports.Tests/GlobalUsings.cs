global using Edge.Sync.Replication;
global using Edge.Sync.Transports.Tests.Support;
