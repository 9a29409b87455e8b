using Edge.Sync.Tool;

return await Tool.RunAsync(args).ConfigureAwait(false);
