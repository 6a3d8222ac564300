import { describe, expect, test } from "vitest";
import { parseRepository } from "../../../src/images/registry/place.ts";
import { Registry } from "../../../src/images/registry/registry.ts";
import { registryServer } from "../../support/registry-server.ts";

const registryOf = (repository: string, signal = new AbortController().signal) =>
  new Registry(parseRepository(repository), signal);
const TAGS = Array.from({ length: 7 }, (_, index) => `tag-${index}`);

describe("a registry", () => {
  test("lists its tags over all of its pages", async () => {
    await using server = await registryServer({ tags: TAGS, page: 3 });
    expect(await registryOf(server.repository).tags()).toEqual(TAGS);
    expect(server.asked).toHaveLength(3);
  });

  test("says whether it has an image, and is asked for no more than that", async () => {
    await using server = await registryServer({ tags: TAGS });
    const registry = registryOf(server.repository);
    expect([await registry.has("tag-6"), await registry.has("tag-7")]).toEqual([true, false]);
    expect(server.asked).toEqual(["HEAD /v2/acme/vllm/manifests/tag-6", "HEAD /v2/acme/vllm/manifests/tag-7"]);
  });

  test("that wants a token gets one that it gives to anybody, once", async () => {
    await using server = await registryServer({ tags: TAGS, wantsToken: true });
    const registry = registryOf(server.repository);
    expect([await registry.has("tag-6"), await registry.has("tag-0")]).toEqual([true, true]);
    expect(server.asked.filter((line) => line.includes("/token"))).toEqual([
      "GET /token?service=a+registry&scope=repository%3Aacme%2Fvllm%3Apull",
    ]);
  });

  test("without the repository has no tags of it", async () => {
    await using server = await registryServer({ tags: TAGS });
    expect(await registryOf(server.repository.replace("vllm", "other")).tags()).toEqual([]);
  });
});

describe("a registry that does not tell is an error, no missing image:", () => {
  test.each([
    [500, "with status 500"],
    [403, "it wants an account for that"],
    [401, "it wants an account for that"],
  ])("status %d", async (status, words) => {
    await using server = await registryServer({ tags: TAGS, status });
    await expect(registryOf(server.repository).has("tag-1")).rejects.toThrow(words);
    await expect(registryOf(server.repository).tags()).rejects.toThrow(words);
  });

  test("nobody listens", async () => {
    const server = await registryServer({ tags: [] });
    await server[Symbol.asyncDispose]();
    await expect(registryOf(server.repository).has("x")).rejects.toThrow(`${server.host} does not answer`);
  });

  test("a list that goes on at another host", async () => {
    await using server = await registryServer({ tags: TAGS, page: 2, nextHost: "http://elsewhere.example" });
    await expect(registryOf(server.repository).tags()).rejects.toThrow("goes on at elsewhere.example");
  });
});

test("a cancelled question ends as that", async () => {
  await using server = await registryServer({ tags: TAGS });
  const signal = AbortSignal.abort(new Error("cancelled"));
  await expect(registryOf(server.repository, signal).tags()).rejects.toThrow("cancelled");
});
