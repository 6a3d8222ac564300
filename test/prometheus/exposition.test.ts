import { describe, expect, test } from "vitest";
import { expositionText, type Family } from "../../src/prometheus/exposition.ts";

const family = (samples: Family["samples"], name = "a"): Family => ({ name, help: "What it is.", samples });

describe("the text", () => {
  test("explains a metric once and first, joins families of one name, and ends with a line feed", () => {
    const one = family([{ labels: { cell: "x" }, value: 1.5 }]);
    const other = family([{ labels: { cell: "y" }, value: 1e-7 }]);
    expect(expositionText([one, family([{ labels: {}, value: 3 }], "b"), other])).toBe(
      [
        "# HELP a What it is.",
        "# TYPE a gauge",
        'a{cell="x"} 1.5',
        'a{cell="y"} 1e-7',
        "# HELP b What it is.",
        "# TYPE b gauge",
        "b 3\n",
      ].join("\n"),
    );
  });

  test("keeps quotes, backslashes and ends of lines within their label and their help", () => {
    const text = expositionText([{ ...family([{ labels: { cell: 'a"b\\c\nd' }, value: 1 }]), help: "one\\\ntwo" }]);
    expect(text).toContain('a{cell="a\\"b\\\\c\\nd"} 1');
    expect(text).toContain("# HELP a one\\\\\\ntwo\n");
  });

  test("has no word about a metric without a number", () => expect(expositionText([family([])])).toBe(""));

  test("is refused with two numbers of one series, in whatever order its labels are, an empty label being none", () => {
    const twice = (labels: Record<string, string>) => () =>
      expositionText([family([{ labels: { a: "1", b: "2" }, value: 1 }]), family([{ labels, value: 1 }])]);
    expect(twice({ b: "2", a: "1" })).toThrow('two numbers for a{b="2",a="1"}: tell them apart by a label');
    expect(twice({ b: "2", a: "1", c: "" })).toThrow("two numbers");
    expect(twice({ b: "2", a: "2" })).not.toThrow();
  });
});
