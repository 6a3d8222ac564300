import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleIn } from "../../../src/telemetry/engine/prometheus.ts";

const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, "../../fixtures/vllm-0.32.0", `metrics_${name}.txt`), "utf8");
/** Every name. */
const ALL: ReadonlySet<string> = Object.assign(new Set<string>(), { has: () => true });
const parse = (text: string, wanted = ALL) =>
  text.split("\n").flatMap((line) => {
    const sample = sampleIn(line, wanted);
    return sample === undefined ? [] : [sample];
  });

describe("Prometheus text", () => {
  test("of vLLM 0.32 gives a sample for every line that is no comment", () => {
    for (const text of [fixture("idle"), fixture("after")]) {
      const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
      expect(parse(text)).toHaveLength(lines.length);
    }
  });

  test("of vLLM 0.32 gives values by name", () => {
    expect(parse(fixture("after"), new Set(["vllm:prefix_cache_hits_total"]))).toEqual([
      { name: "vllm:prefix_cache_hits_total", value: 3200 },
    ]);
  });

  test("may go without labels, with a timestamp, with odd spaces and a carriage return", () => {
    expect(parse('a 1\nb  2.5e+3 1395066363000\nc{} .5 \nd{x="y",}7\r\ne{ x = "y" } -8')).toEqual([
      { name: "a", value: 1 },
      { name: "b", value: 2500 },
      { name: "c", value: 0.5 },
      { name: "d", value: 7 },
      { name: "e", value: -8 },
    ]);
  });

  test("knows the numbers that are none", () => {
    expect(parse("a NaN\nb +Inf\nc -Inf").map(({ value }) => value)).toEqual([NaN, Infinity, -Infinity]);
  });

  test("passes over label values that hold quotes, braces, commas, backslashes and line ends", () => {
    const text = fc.string({ unit: fc.constantFrom("a", '"', "\\", "\n", "}", "{", ",", "=", " ", "é", "#") });
    fc.assert(
      fc.property(text, text, fc.double({ noNaN: true, noDefaultInfinity: true }), (one, two, value) => {
        const escaped = (label: string) =>
          label.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
        const line = `vllm:x{one="${escaped(one)}",two="${escaped(two)}"} ${value}`;
        expect(parse(`# HELP x y\n${line}\n`)).toEqual([{ name: "vllm:x", value: Number(`${value}`) }]);
      }),
    );
  });

  test("that is a web page or rubbish gives nothing", () => {
    expect(parse("<html><body>Not { here }</body></html>")).toEqual([]);
    expect(parse('{"detail":"Not Found"}')).toEqual([]);
    expect(parse('a{b="c 1\na{b=c"} x\na one\na\n=1')).toEqual([]);
    fc.assert(fc.property(fc.string(), (text) => void parse(text)));
  });
});
