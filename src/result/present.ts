type Absent = null | undefined;
type Present<T> = { [K in keyof T as [Extract<T[K], Absent>] extends [never] ? K : never]: T[K] } & {
  [K in keyof T as [Extract<T[K], Absent>] extends [never] ? never : K]?: NonNullable<T[K]>;
};

/** Without the properties that have no value, for documents in which missing is absent: never null, never undefined. */
export function present<T extends object>(values: T): Present<T> {
  const there = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(there) as Present<T>;
}
