import { describe, expect, test } from "vitest";
import { parseRepository } from "../../../src/images/registry/place.ts";

describe("where a repository is, is said by its first part", () => {
  test.each([
    ["acme/vllm-baseline", "https", "registry-1.docker.io", "acme/vllm-baseline"],
    ["vllm", "https", "registry-1.docker.io", "library/vllm"],
    ["ghcr.io/acme/vllm", "https", "ghcr.io", "acme/vllm"],
    ["localhost/vllm", "http", "localhost", "vllm"],
    ["127.0.0.1:5000/acme/vllm", "http", "127.0.0.1:5000", "acme/vllm"],
    ["example.org:5000/vllm", "https", "example.org:5000", "vllm"],
  ])("%s", (given, scheme, host, name) => {
    expect(parseRepository(given)).toEqual({ scheme, host, name });
  });
});

test.each([
  "acme/vllm:latest",
  "",
  "acme//vllm",
  "Acme/VLLM",
  "a b",
  "-x/y",
  "https://ghcr.io/acme/vllm",
  "x.org/../y",
])("“%s” is no repository", (given) => {
  expect(() => parseRepository(given)).toThrow("must be a repository without a tag");
});
