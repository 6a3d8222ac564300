import { keep } from "./keep.ts";
import { Orders } from "./orders.ts";

process.exitCode = await keep(Orders.parse(JSON.parse(process.argv[2]!)));
process.exit();
