import { instanceText } from "./json-instance.ts";
import { textOfPattern } from "./pattern-text.ts";

/** What an answer is bound to. */
export type Form =
  | { kind: "schema"; schema: unknown }
  | { kind: "object" }
  | { kind: "pattern"; pattern: string }
  | { kind: "choice"; choices: readonly string[] };

/** The text of an answer of that form. @throws NoInstance that says why there is none */
export function textOfForm(form: Form): string {
  switch (form.kind) {
    case "schema":
      return instanceText(form.schema);
    case "object":
      return '{"simulated": true}';
    case "pattern":
      return textOfPattern(form.pattern);
    case "choice":
      return form.choices[0] ?? "";
  }
}
