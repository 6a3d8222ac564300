/** What makes a document of version `from` one of version `from + 1`; the name of the schema is not its business. */
export interface Migration {
  from: number;
  migrate(document: Record<string, unknown>): Record<string, unknown>;
}

interface Schema {
  /** Name without its version, as in `pitwall.run`. */
  family: string;
  version: number;
  migrations: readonly Migration[];
}

/**
 * A document of an older version as one of the present one, step by step. Readers do this; what is stored stays as it is.
 * @returns the very same value when it is of this version, or of one from which no steps lead here
 */
export function migrated(value: unknown, { family, version, migrations }: Schema): unknown {
  const name = (value as { schema?: unknown } | null)?.schema;
  const found = Array.from({ length: version }, (_, number) => number).find((older) => name === `${family}/${older}`);
  if (found === undefined) return value;
  const versions = Array.from({ length: version - found }, (_, step) => found + step);
  const steps = versions.map((from) => migrations.find((migration) => migration.from === from));
  if (steps.includes(undefined)) return value;
  return steps.reduce<Record<string, unknown>>(
    (document, step) => ({ ...step!.migrate(document), schema: `${family}/${step!.from + 1}` }),
    value as Record<string, unknown>,
  );
}
