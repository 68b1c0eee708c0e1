/**
 * The HTTP of the shop: assets, JSON routes, limits, and how a failure looks from outside. Knows no coupon rule.
 *
 * What a browser is told of a failure is a code, a path and a sentence; never a stack, never a value of the server's.
 */
import { createServer } from "node:http";

/** @typedef {import("node:http").IncomingMessage} Request */
/** @typedef {import("node:http").ServerResponse} Response */
/** @typedef {(sent: unknown) => Promise<unknown>} Route Answers JSON; takes the body of a POST, the query of a GET. */

const MAX_BODY_BYTES = 16 * 1024;

const SECURITY_HEADERS = {
  // The engine is WebAssembly, compiled in the page.
  "content-security-policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** A request the shop refuses. */
export class RequestError extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} message
   * @param {string} [path] Where in the body: `lines[2].quantity`.
   */
  constructor(status, code, message, path) {
    super(message);
    this.status = status;
    this.code = code;
    this.path = path;
  }
}

/**
 * @param {{ port: number, assets: ReadonlyMap<string, import("./assets.mjs").Asset>, routes: Readonly<Record<string, Route>> }} shop
 *   Routes by method and path: `POST /api/quote`.
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function listen({ port, assets, routes }) {
  const server = createServer((request, response) => {
    answer(request, response, assets, routes).catch((error) => refuse(response, error));
  });
  server.requestTimeout = 10_000;
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "localhost", () => resolve(undefined));
  });
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://localhost:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * @param {Request} request
 * @param {Response} response
 * @param {ReadonlyMap<string, import("./assets.mjs").Asset>} assets
 * @param {Readonly<Record<string, Route>>} routes
 */
async function answer(request, response, assets, routes) {
  const [pathname = "/", query = ""] = (request.url ?? "/").split("?");
  const asset = request.method === "GET" ? assets.get(pathname) : undefined;
  if (asset !== undefined) return sendAsset(response, asset);

  const route = `${request.method} ${pathname}`;
  if (!Object.hasOwn(routes, route)) throw new RequestError(404, "not_found", "there is nothing here");
  const sent = request.method === "POST" ? await readJson(request) : Object.fromEntries(new URLSearchParams(query));
  return sendJson(response, 200, await routes[route]?.(sent));
}

/** @param {Request} request */
async function readJson(request) {
  if (request.headers["content-type"]?.split(";")[0] !== "application/json") {
    throw new RequestError(415, "invalid_type", "send application/json");
  }
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new RequestError(413, "too_large", `send at most ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new RequestError(400, "unreadable", "is not JSON");
  }
}

/**
 * @param {Response} response
 * @param {import("./assets.mjs").Asset} asset
 */
function sendAsset(response, { content, type, isForever }) {
  const caching = isForever ? "public, max-age=31536000, immutable" : "no-cache";
  response.writeHead(200, { ...SECURITY_HEADERS, "content-type": type, "cache-control": caching }).end(content);
}

/**
 * @param {Response} response
 * @param {number} status
 * @param {unknown} value
 */
function sendJson(response, status, value) {
  const headers = { ...SECURITY_HEADERS, "content-type": "application/json", "cache-control": "no-store" };
  response.writeHead(status, headers).end(JSON.stringify(value));
}

/**
 * @param {Response} response
 * @param {unknown} error
 */
function refuse(response, error) {
  if (response.headersSent) return void response.destroy();
  // What is left of a body that is not read would be taken for the next request.
  response.setHeader("connection", "close");
  if (error instanceof RequestError) {
    const { status, code, message, path } = error;
    return sendJson(response, status, { error: { code, message, ...(path === undefined ? {} : { path }) } });
  }
  console.error(error);
  return sendJson(response, 500, { error: { code: "internal", message: "the shop cannot answer at the moment" } });
}
