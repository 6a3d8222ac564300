import { describe, expect, test } from "vitest";
import { blameOf } from "../../../../src/arms/commits/judge/blame.ts";
import type { Attempt } from "../../../../src/arms/commits/tasks.ts";
import { attempt, failed, measured } from "../../../support/patches/arm-results.ts";

const NAME_ERROR =
  "Traceback (most recent call last):\n  File \"x.py\", line 1\nNameError: name 'ops' is not defined\nSERVER_CRASHED\n";
const MISSING_SYMBOL =
  'Traceback (most recent call last):\n  File "x.py", line 1\nImportError: /opt/vllm/_C.abi3.so: undefined symbol: cuTensorMapEncodeTiled\n';
const blame = (printed: string, change: Partial<Attempt> = {}) =>
  blameOf(attempt({ result: failed("agent", { printed }), ...change }));

describe("a crash is", () => {
  test("the patch's where its base has numbers with the same settings", () => {
    expect(blame(NAME_ERROR)).toEqual({ on: "patch", detail: "NameError: name 'ops' is not defined" });
  });

  test("nobody's where the base has none", () => {
    const baseline = failed("baseline", { error: "No metrics in output" });
    expect(blame(NAME_ERROR, { baseline })).toEqual({
      on: "unproven",
      detail: "NameError: name 'ops' is not defined; the baseline has no numbers either (No metrics in output)",
    });
    expect(blame(NAME_ERROR, { baseline: undefined }).on).toBe("unproven");
  });

  test("nobody's where the base ran another model", () => {
    const baseline = measured("baseline", 100, { settings: { model: "m/small" } });
    expect(blame(NAME_ERROR, { baseline })).toMatchObject({
      on: "unproven",
      detail: expect.stringContaining("m/small"),
    });
  });

  test("the image's where its log says so, though a base has numbers", () => {
    expect(blame(MISSING_SYMBOL)).toMatchObject({
      on: "image",
      detail: expect.stringContaining("cuTensorMapEncodeTiled"),
    });
  });

  test("the image's where the human's arm ended by the same error", () => {
    const human = failed("human", { printed: NAME_ERROR });
    expect(blame(NAME_ERROR, { human })).toMatchObject({ on: "image", detail: expect.stringContaining("same error") });
  });
});

test("an image that is not there is not the patch's failure; a patch that does not apply, or is empty, is", () => {
  const of = (end: "image_missing" | "patch_failed" | "no_patch") =>
    blameOf(attempt({ result: failed("agent", { end }), baseline: undefined })).on;
  expect([of("image_missing"), of("patch_failed"), of("no_patch")]).toEqual(["image", "patch", "patch"]);
});
