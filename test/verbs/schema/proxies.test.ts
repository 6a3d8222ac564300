import { expect, test } from "vitest";
import { withProxies } from "../../../src/verbs/schema/proxies.ts";
import { recordingTools } from "../../support/recording-tools.ts";

const envOf = (env: NodeJS.ProcessEnv, given: Parameters<typeof withProxies>[1]) =>
  withProxies({ ...recordingTools(), env }, given).env;

test("a proxy that is given goes before the environment's, in both spellings", () => {
  const env = envOf({ HTTPS_PROXY: "http://old:1", HOME: "/h" }, { httpsProxy: "http://new:2", withoutProxy: "a,b" });
  expect(env).toMatchObject({ https_proxy: "http://new:2", HTTPS_PROXY: "http://new:2", no_proxy: "a,b", HOME: "/h" });
});

test("the environment's is spelled both ways where none is given", () => {
  expect(envOf({ HTTP_PROXY: "http://old:1" }, {})).toEqual({ http_proxy: "http://old:1", HTTP_PROXY: "http://old:1" });
});

test("the signal is not taken before somebody asks for it", () => {
  const tools = withProxies(
    {
      ...recordingTools(),
      get signal(): AbortSignal {
        throw new Error("taken");
      },
    },
    {},
  );
  expect(() => tools.signal).toThrow("taken");
});
