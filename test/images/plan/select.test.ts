import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { planImages } from "../../../src/images/plan/plan.ts";
import { selectImages } from "../../../src/images/plan/select.ts";
import { OwnImages } from "../../../src/images/specs/own-images.ts";
import { parseVersionSpecs } from "../../../src/images/specs/version-specs.ts";

const file = join(import.meta.dirname, "../../fixtures/infra-gym/version_specs.json");
const specs = parseVersionSpecs(readFileSync(file, "utf8"), file);
const none = { tagPrefix: undefined, kernels: undefined };
const plan = planImages({ specs, own: {}, ...none });
const selected = (...targets: string[]) => selectImages(plan, targets).map(({ tag }) => tag);

const BASES = ["cuda11.8.0-py3.10", "cuda12.1.0-py3.10", "cuda12.4.0-py3.10", "cuda12.4.0-py3.12"].map(
  (platform) => `infra-gym-base:${platform}`,
);

describe("of infra-gym's images", () => {
  test("all are four bases and then five groups", () => {
    expect(selected("all")).toEqual([
      ...BASES,
      ...["v0.1-v0.2", "v0.3", "v0.4", "v0.5", "v0.6"].map((group) => `infra-gym:${group}`),
    ]);
  });

  test("base means the four bases", () => {
    expect(selected("base")).toEqual(BASES);
  });

  test("groups come with only their bases, of which one may carry two", () => {
    expect(selected("v0.4", "v0.3")).toEqual(["infra-gym-base:cuda12.1.0-py3.10", "infra-gym:v0.3", "infra-gym:v0.4"]);
  });

  test("a version means the image of its group", () => {
    expect(selected("0.6.2")).toEqual(["infra-gym-base:cuda12.4.0-py3.12", "infra-gym:v0.6"]);
  });

  test("an unknown name is an error with the near ones", () => {
    expect(() => selected("v0.5x")).toThrow("there is nothing called v0.5x to build; did you mean “v0.5”");
  });
});

test("an engine's repository has no password in its address, for builds keep what they are given", () => {
  const image = { "base-image": "ubuntu:22.04", python: "3.12", pytorch: "2.5.0" };
  const engine = { source: "a".repeat(40), repository: "https://me:word@example.org/vllm.git" };
  expect(() => OwnImages.parse({ secret: { ...image, engine } })).toThrow("must have no name or password in it");
});

const own = OwnImages.parse({
  night: {
    ...{ "base-image": "nvidia/cuda:12.4.0-devel-ubuntu22.04", cuda: "12.4.0", python: "3.12", pytorch: "2.5.0" },
    engine: { nightly: "a".repeat(40) },
  },
  bare: { "base-image": "ubuntu:22.04", python: "3.12", pytorch: "2.5.0" },
});

describe("of images of our own", () => {
  test("an engine stands on a group that others may share, and on infra-gym's base where it has the same", () => {
    const tags = selectImages(planImages({ specs, own, ...none }), ["night"]).map(({ tag }) => tag);
    expect(tags).toEqual([
      "infra-gym-base:cuda12.4.0-py3.12",
      expect.stringMatching(/^infra-gym:torch2\.5\.0-cuda12\.4\.0-py3\.12-[0-9a-f]{8}$/),
      "infra-gym:night",
    ]);
  });

  test("an image for the CPU without an engine has PyTorch of the CPU and no kernels, and says so", () => {
    const [base, image] = selectImages(planImages({ specs: undefined, own, ...none, tagPrefix: "acme" }), ["bare"]);
    expect(base!.tag).toMatch(/^acme-base:cpu-py3\.12-[0-9a-f]{8}$/);
    expect(image).toMatchObject({ tag: "acme:bare", kernels: [], labels: { "org.pitwall.absent-kernels": "" } });
    expect(image!.args.PYTORCH_INDEX).toBe("https://download.pytorch.org/whl/cpu");
  });

  test("a name that means something already is refused", () => {
    expect(() => planImages({ specs, own: { "v0.5": own.bare! }, ...none })).toThrow("the name v0.5 has a meaning");
  });

  test("a version that YAML took for a number is explained", () => {
    const numbered = { name: { "base-image": "ubuntu:22.04", python: 3.1, pytorch: "2.5.0" } };
    expect(OwnImages.safeParse(numbered).error?.issues[0]?.message).toBe('must be text in quotes, as in "3.10"');
  });
});

test("a prefix names all images, bases too", () => {
  const tags = [...planImages({ specs, own: {}, ...none, tagPrefix: "acme/gym" }).images.keys()];
  expect(tags).toContain("acme/gym:v0.6");
  expect(tags).toContain("acme/gym-base:cuda12.4.0-py3.12");
});
