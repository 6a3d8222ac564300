import type { InfraGymGrade } from "../../evaluate/results/infra-gym-folder.ts";
import { counted } from "../../result/counted.ts";
import type { Outcome } from "../verb.ts";
import { firstLine } from "./results.ts";

/** What infra-gym's own script wrote, beside what its files prove: its “success” says only that it came to its end. */
export function infraGymOutcome(folder: string, grades: readonly InfraGymGrade[]): Outcome {
  const notResolved = grades.filter(({ grade }) => grade.status !== "resolved").map(({ id }) => id);
  const resolved = grades.length - notResolved.length;
  const claimed = grades.filter(({ said }) => said === "success").length;
  const lines = grades.map(({ folder: place, said = "nothing", grade: { status, detail } }) => {
    const why = detail === "" ? "" : `: ${firstLine(detail)}`;
    return `${place}: ${said} → ${status}${why}`;
  });
  const sums = `${counted(grades.length, "result")} of infra-gym's, ${claimed} called a success, ${resolved} resolved`;
  return {
    ok: true,
    outputs: { instances: grades.length, resolved, notResolved, results: folder },
    text: [...lines, sums].join("\n"),
  };
}
