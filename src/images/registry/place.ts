import { UserError } from "../../errors.ts";

/** A repository in a registry, as Docker's names say where it is. */
export interface RegistryPlace {
  /** With a port where it has one. */
  host: string;
  /** Path of the repository there. */
  name: string;
  /** Without TLS only on this machine, as Docker does. */
  scheme: "http" | "https";
}

/** Where an image without a host is. */
const DOCKER_HUB = "registry-1.docker.io";
const NAME = /^[a-z0-9]+(?:[._-]{1,2}[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]{1,2}[a-z0-9]+)*)*$/;
const HOST = /^(?:[A-Za-z0-9.-]{1,253}|\[[0-9a-fA-F:]{2,45}\])(?::\d{1,5})?$/;
const THIS_MACHINE = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/;

/**
 * `anonymous/vllm-baseline` is at Docker Hub, `ghcr.io/acme/vllm` and `localhost:5000/vllm` are not: a first part with a dot or
 * a port, or localhost, is a host.
 * @throws UserError for what is no name of a repository, one with a tag among it
 */
export function parseRepository(given: string): RegistryPlace {
  const [first, ...rest] = given.split("/") as [string, ...string[]];
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const host = hasHost ? first : DOCKER_HUB;
  const path = hasHost ? rest.join("/") : given;
  const name = !hasHost && rest.length === 0 ? `library/${path}` : path;
  if (!HOST.test(host) || name.length > 255 || !NAME.test(name))
    throw new UserError("must be a repository without a tag, as in acme/vllm or ghcr.io/acme/vllm");
  return { host, name, scheme: THIS_MACHINE.test(host) ? "http" : "https" };
}
