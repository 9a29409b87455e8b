using Edge.Sync;

namespace FactoryFloor.Floor;

/// <summary>One work order that two people edit while there is no network between them: nothing of either is lost.</summary>
internal static class Inspection
{
    private static readonly DocumentId s_order = DocumentId.Named("work-order/monthly-inspection");

    public static Task PlanAsync(Node gateway) => gateway.WorkOrders.EditAsync(s_order, static order => order.Title = "Monthly inspection");

    public static Task WorkAtPressAsync(Node press) => press.WorkOrders.EditAsync(s_order, static order =>
    {
        order.Minutes.Add(30);
        order.Parts.Add("seal");
        order.Notes.Append("At the press: seal replaced. ");
    });

    public static Task WorkAtGatewayAsync(Node gateway) => gateway.WorkOrders.EditAsync(s_order, static order =>
    {
        order.Minutes.Add(45);
        order.Parts.Add("bearing");
        order.Notes.Append("In the office: bearing ordered. ");
    });

    public static Task<WorkOrder?> FindAsync(Node node) => node.WorkOrders.FindAsync(s_order);
}
