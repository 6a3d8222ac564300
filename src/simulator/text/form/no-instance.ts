/** A schema or pattern that no text is made for; the message says why. */
export class NoInstance extends Error {
  override name = "NoInstance";
}
