/* Runs the verb start-engine with the JSON inputs of its first argument, and prints what it says and hands back. */
import { startEngine } from "../../src/verbs/start-engine/start-engine.ts";
import { recordingTools } from "./recording-tools.ts";

const cancel = new AbortController();
process.on("SIGTERM", () => cancel.abort());
const tools = recordingTools({ signal: cancel.signal });
tools.report.info = (message) => console.log(message);
const outcome = await startEngine.run(startEngine.inputs.parse(JSON.parse(process.argv[2]!)), tools);
console.log(JSON.stringify(outcome));
