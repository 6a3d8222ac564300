/** What contradicts itself, or is more than a document may have. */
export interface Inconsistency {
  /** Where in the document. */
  path: PropertyKey[];
  /** To stand behind the name of the file. */
  text: string;
}
