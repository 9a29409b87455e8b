global using Edge.Sync.LogModel.Documents;
global using Edge.Sync.LogModel.Explorer;
global using Edge.Sync.LogModel.Model;
