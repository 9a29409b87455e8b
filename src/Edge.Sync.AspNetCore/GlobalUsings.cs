global using Edge.Sync.Replication;
global using Microsoft.AspNetCore.Http;
