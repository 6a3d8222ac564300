/*
 * What our code uses of undici, for the bundles: its index also pulls in fetch, WebSocket, caches and mocks, a quarter of
 * a megabyte in every action. A name that is missing here ends the build.
 */
import api from "undici/lib/api/index.js";
import errors from "undici/lib/core/errors.js";
import Agent from "undici/lib/dispatcher/agent.js";
import Dispatcher from "undici/lib/dispatcher/dispatcher.js";
import Pool from "undici/lib/dispatcher/pool.js";

Object.assign(Dispatcher.prototype, api);

function request(url, { dispatcher, ...options }) {
  const { origin, pathname, search } = new URL(url);
  return dispatcher.request({ method: "GET", ...options, origin, path: pathname + search });
}

export { Agent, errors, Pool, request };
