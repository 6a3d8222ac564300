/** An error as vLLM answers it: a status, and a body that names the parameter at fault. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  readonly type: string;
  readonly param: string | null;

  constructor(status: number, type: string, message: string, param: string | null = null) {
    super(message);
    this.status = status;
    this.type = type;
    this.param = param;
  }

  body(): string {
    const { message, type, param, status } = this;
    return JSON.stringify({ error: { message, type, param, code: status } });
  }
}

/** @param value as Python prints it, where vLLM's message ends with the offending parameter */
export function badRequest(message: string, param: string | null = null, value?: string | number): ApiError {
  const suffix = value === undefined ? "" : ` (parameter=${param}, value=${value})`;
  return new ApiError(400, "BadRequestError", `${message}${suffix}`, param);
}
