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

/** An error of the web framework, which knows no parameters. */
export class DetailError extends ApiError {
  override body(): string {
    return JSON.stringify({ detail: this.message });
  }
}

/**
 * @param value as Python prints it, where vLLM's message ends with the offending parameter and its value; null where it
 * ends with the parameter alone
 */
export function badRequest(message: string, param: string | null = null, value?: string | number | null): ApiError {
  const suffix = value === undefined ? "" : ` (parameter=${param}${value === null ? "" : `, value=${value}`})`;
  return new ApiError(400, "BadRequestError", `${message}${suffix}`, param);
}
