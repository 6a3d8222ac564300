/** The JSON of each event of a stream, without the last one, which is none. */
export function streamEvents<E>(stream: string): E[] {
  return [...stream.matchAll(/^data: (\{.*)$/gm)].map(([, json]): E => JSON.parse(json!));
}
