global using Edge.Sync.Causality;
global using Edge.Sync.Trust;
global using Edge.Sync.Wire;
