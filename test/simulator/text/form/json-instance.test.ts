import { expect, test } from "vitest";
import { instanceText } from "../../../../src/simulator/text/form/json-instance.ts";
import { NoInstance } from "../../../../src/simulator/text/form/no-instance.ts";

test.each([
  [{}, "simulated"],
  [{ const: 4 }, 4],
  [{ enum: ["Paris", "Rome"] }, "Paris"],
  [{ type: "boolean" }, true],
  [{ type: ["null", "string"] }, null],
  [{ type: "string", minLength: 12 }, "simulatedaaa"],
  [{ type: "string", maxLength: 3 }, "ted"],
  [{ type: "string", pattern: "^[A-Z]{2}-\\d+$" }, "AA-0"],
  [{ type: "string", format: "date" }, "2026-01-01"],
  [{ type: "integer" }, 1],
  [{ type: "integer", minimum: 18, maximum: 99 }, 18],
  [{ type: "integer", exclusiveMinimum: 5 }, 6],
  [{ type: "integer", maximum: -3 }, -3],
  [{ type: "integer", minimum: 11, multipleOf: 5 }, 15],
  [{ type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 }, 0.5],
  [{ type: "number", minimum: 0.5, maximum: 0.6 }, 0.5],
  [{ type: "array", items: { type: "integer" } }, [1]],
  [{ type: "array", items: { enum: ["a", "b"] }, minItems: 2, uniqueItems: true }, ["a", "b"]],
  [
    { type: "array", items: { type: "string" }, minItems: 3, uniqueItems: true },
    ["simulated", "simulated1", "simulated2"],
  ],
  [{ type: "array", prefixItems: [{ const: 1 }, { const: 2 }], items: false }, [1, 2]],
  [{ type: "array", items: {}, maxItems: 0 }, []],
  [{ anyOf: [{ type: "null" }, { type: "string" }] }, null],
  [{ oneOf: [{ type: "object", properties: { kind: { const: "a" } }, required: ["kind"] }] }, { kind: "a" }],
  [{ type: "object", properties: { a: { type: "string" }, b: { type: "integer" } }, required: ["b"] }, { b: 1 }],
  [{ type: "object", properties: { a: { type: "boolean" } } }, { a: true }],
  [{ type: "object", required: ["x"], additionalProperties: { type: "integer" } }, { x: 1 }],
  [{ type: "object", minProperties: 1 }, { simulated1: "simulated" }],
  [
    {
      allOf: [
        { properties: { a: { const: 1 } }, required: ["a"] },
        { properties: { b: { const: 2 } }, required: ["b"] },
      ],
    },
    { a: 1, b: 2 },
  ],
  [{ $ref: "#/$defs/city", $defs: { city: { enum: ["Rome"] } } }, "Rome"],
])("a schema has the same small instance each time: %j", (schema, instance) => {
  expect(JSON.parse(instanceText(schema))).toEqual(instance);
});

test("a tree ends where it may", () => {
  const node = {
    type: "object",
    properties: { left: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] } },
    required: ["left"],
  };
  const tree = { $ref: "#/$defs/node", $defs: { node } };
  expect(instanceText(tree)).toMatch(/^(\{"left":)+null\}+$/);
});

test.each([
  [{ type: "nonsense" }, "Invalid type: nonsense"],
  [{ $ref: "#/$defs/missing" }, "leads nowhere"],
  [{ $ref: "https://example.org/schema" }, "leads nowhere"],
  [{ $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/a" } } }, "leads nowhere"],
  [{ type: "object", properties: { a: { $ref: "#" } }, required: ["a"] }, "nested too deeply"],
  [{ not: { type: "string" } }, "Unimplemented keys"],
  [{ type: "string", pattern: "(?=a)" }, "only plain groups"],
  [{ type: "string", minLength: 1e9 }, "a text of 1000000000 characters"],
  [{ type: "array", minItems: 1e9 }, "an array of 1000000000 items"],
  [{ type: "integer", minimum: 5, maximum: 4 }, "a number between 5 and 4"],
  [[], "Invalid schema"],
])("a schema that nothing is made for is refused: %j", (schema, message) => {
  expect(() => instanceText(schema)).toThrow(NoInstance);
  expect(() => instanceText(schema)).toThrow(message);
});
