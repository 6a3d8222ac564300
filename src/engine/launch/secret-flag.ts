/** A flag that carries a secret: arguments are stored with the results and stand in the process table. */
export const SECRET_FLAG = /^--(api-k(e|ey)?|hf-token|.*-(token|secret|password|key))$/;
