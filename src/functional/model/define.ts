import type { Capability } from "./capabilities.ts";
import type { Case, Endpoint, Severity } from "./case.ts";

type Parts = Pick<Case, "asks" | "check"> &
  Partial<Pick<Case, "next" | "together" | "alone">> & { needs?: readonly Capability[] };

/** Makes cases of one endpoint, which all need these. */
export const casesOf =
  (endpoint: Endpoint, ...shared: readonly Capability[]) =>
  (id: string, severity: Severity, title: string, { needs = [], ...parts }: Parts): Case => ({
    ...{ id, severity, title, endpoint },
    needs: [...shared, ...needs],
    ...parts,
  });
