import { expect, test } from "vitest";
import { fisherTail, normalTail, studentQuantile, studentTail } from "../../src/statistics/student.ts";

test.each([
  // scipy 1.16: stats.t.isf, the two-sided 5 % and 0.1 % of common tables.
  [0.025, 4, 2.7764451],
  [0.025, 1, 12.7062047],
  [0.0005, 2, 31.5990546],
  [0.0005, 39, 3.5581203],
])("Student's t exceeds with probability %f and %i degrees of freedom the value of the tables", (tail, degrees, t) => {
  expect(studentQuantile(tail, degrees)).toBeCloseTo(t, 5);
  expect(studentTail(t, degrees)).toBeCloseTo(tail, 8);
});

test("below its middle a tail is the rest of the other one", () => {
  expect(studentTail(-2, 5)).toBeCloseTo(1 - studentTail(2, 5), 12);
  expect(normalTail(-1)).toBeCloseTo(1 - normalTail(1), 12);
});

test.each([
  // scipy 1.17.1: stats.norm.sf
  [0, 0.5],
  [1.9599639845400545, 0.025],
  [2.9999, 0.001350341282954925],
  [3.0001, 0.0013494549132607172],
  [4.753424308822899, 1e-6],
  [8, 6.22096057427174e-16],
])("the normal distribution has beyond %f what the tables say", (z, tail) => {
  expect(normalTail(z) / tail).toBeCloseTo(1, 11);
});

test("Fisher's F has 5 % above the values of the tables", () => {
  expect(fisherTail(161.4476, [1, 1])).toBeCloseTo(0.05, 5);
  expect(fisherTail(3.325835, [5, 10])).toBeCloseTo(0.05, 5);
});
