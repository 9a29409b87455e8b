global using Edge.Sync.AspNetCore.Tests.Support;
global using Edge.Sync.Tests;
