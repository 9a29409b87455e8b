global using Edge.Sync.Causality;
