import { expect, test } from "vitest";
import { numbersPrinted } from "../../../../src/arms/commits/read/stdout-numbers.ts";

test("a serving benchmark's end is read, in the spelling of any version", () => {
  const printed = (total: string) =>
    [
      "100%|████| 100/100 [00:02<00:00, 45.22it/s]",
      "============ Serving Benchmark Result ============",
      "Successful requests:                     100       ",
      "Total input tokens:                      23100     ",
      "Request throughput (req/s):              45.22     ",
      "Output token throughput (tok/s):         2894.07   ",
      `${total} throughput (tok/s):          13339.86  `,
      "Mean TTFT (ms):                          593.29    ",
      "P99 ITL (ms):                            264.26    ",
    ].join("\n");
  for (const total of ["Total Token", "Total token"]) {
    expect(numbersPrinted(printed(total))).toEqual({
      ...{ successful_requests: 100, total_input_tokens: 23100, request_throughput_req_s: 45.22 },
      ...{ output_token_throughput_tok_s: 2894.07, total_token_throughput_tok_s: 13339.86 },
      ...{ mean_ttft_ms: 593.29, p99_itl_ms: 264.26 },
    });
  }
});

test("requests a second are never tokens a second", () => {
  expect(numbersPrinted("Throughput: 14.83 requests/s, 7592.42 tokens/s")).toEqual({
    ...{ request_throughput_req_s: 14.83, total_token_throughput_tok_s: 7592.42 },
  });
  expect(numbersPrinted("Throughput: 5 requests/s, 900 total tokens/s, 300.5 output tokens/s")).toEqual({
    ...{ request_throughput_req_s: 5, total_token_throughput_tok_s: 900, output_token_throughput_tok_s: 300.5 },
  });
  expect(numbersPrinted("throughput: 45.2\nsome throughput: 12 tok/s")).toEqual({});
});

test("of a number that is printed twice, the last is meant", () => {
  const bar = (output: number) => `est. speed input: 16727.70 toks/s, output: ${output} toks/s`;
  expect(numbersPrinted(`${bar(100)}\r${bar(5186.87)}`)).toEqual({ output_token_throughput_tok_s: 5186.87 });
  expect(numbersPrinted("Avg latency: 9.5 seconds\nAvg latency: 0.75 seconds")).toEqual({ latency_avg_s: 0.75 });
});

test("the bar of the offline engine is no result beside a serving benchmark's", () => {
  const both = "est. speed input: 1 toks/s, output: 2 toks/s\nOutput token throughput (tok/s): 30";
  expect(numbersPrinted(both)).toEqual({ output_token_throughput_tok_s: 30 });
});
