import { expect, test } from "vitest";
import { exportDataJs } from "../../../src/formats/data-js/data-js.ts";
import { commitUrl } from "../../../src/result/series/commit-url.ts";
import { sampleRun } from "../../support/run-document.ts";

const { trigger } = sampleRun;
const onGhes = { ...trigger, runUrl: "https://git.example.org/octo/llm/actions/runs/1" };
const page = `https://git.example.org/octo/llm/commit/${trigger.commit}`;

test("a commit is linked on the server of its CI run, and not where that is unknown", () => {
  expect(commitUrl(onGhes)).toBe(page);
  expect(commitUrl({ ...trigger, runUrl: null })).toBeUndefined();
  expect(commitUrl({ ...onGhes, repository: null })).toBeUndefined();
});

test("a commit of another repository is linked there, and nowhere when nobody knows which", () => {
  const sourceRepository = "https://github.com/vllm-project/vllm";
  expect(commitUrl({ ...onGhes, sourceRepository })).toBe(`${sourceRepository}/commit/${trigger.commit}`);
  expect(commitUrl({ ...onGhes, sourceRepository: null })).toBeUndefined();
});

test("an exported history of GitHub Enterprise links to its own server", () => {
  const text = exportDataJs([{ ...sampleRun, trigger: onGhes }]);
  expect(text).toContain(`"url": "${page}"`);
  expect(text).toContain('"repoUrl": "https://git.example.org/octo/llm"');
  expect(text).not.toContain("github.com");
});

test("what is no link of the web is linked nowhere", () => {
  const hostile = { ...trigger, runUrl: "javascript:void(0)" };
  expect(commitUrl(hostile)).toBeUndefined();
  expect(commitUrl({ ...trigger, sourceRepository: "javascript:void(0)//" })).toBeUndefined();
  expect(exportDataJs([{ ...sampleRun, trigger: hostile }])).not.toContain("javascript:");
});
