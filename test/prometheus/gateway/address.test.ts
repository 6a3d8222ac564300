import { describe, expect, test } from "vitest";
import { parseGateway } from "../../../src/prometheus/gateway/address.ts";

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString("base64")}`;

describe("the address of a Pushgateway", () => {
  test.each([
    ["http://gateway:9091", { base: "http://gateway:9091" }],
    ["http://gateway:9091/", { base: "http://gateway:9091" }],
    ["https://example.com/push/", { base: "https://example.com/push" }],
    ["http://me:p%40ss@gateway:9091", { base: "http://gateway:9091", authorization: basic("me:p@ss") }],
    ["http://me:100%@gateway:9091", { base: "http://gateway:9091", authorization: basic("me:100%") }],
  ])("%s", (given, address) => expect(parseGateway(given, {})).toEqual(address));

  test("may have user and password apart, which go before those in it", () => {
    const { authorization } = parseGateway("http://me:old@gateway:9091", { user: "you", password: "new" });
    expect(authorization).toBe(basic("you:new"));
  });

  test.each([
    "gateway:9091",
    "gateway",
    "ftp://gateway",
    "me:word@gateway:9091",
    "http://me:word@gateway:port",
    "http://me:word@gateway:9091/?a=secret",
    "http://me:word@gateway:9091#secret",
  ])("%s is refused without a word of what may be secret", (given) => {
    const refused = () => parseGateway(given, {});
    expect(refused).toThrow(/address of a Pushgateway|Pushgateway's address/);
    expect(refused).not.toThrow(/word|secret/);
  });
});
