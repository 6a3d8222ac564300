/** Without it an engine refuses to read a body. */
export const JSON_HEADERS = { "content-type": "application/json" };
