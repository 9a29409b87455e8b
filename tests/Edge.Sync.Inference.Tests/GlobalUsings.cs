global using Edge.Sync.Inference.Decisions;
