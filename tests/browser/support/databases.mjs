/**
 * What a shop can be kept in: files, or a PostgreSQL server. Each answers the options of a new, empty shop; opened again
 * with the same options, it is the same shop.
 */
import { createRequire } from "node:module";

import { startPostgres } from "../../stores/postgres-server.mjs";
import { dataDirectory } from "./storefront.mjs";

const { Client } = createRequire(import.meta.url)("pg");

export const databases = [
  {
    name: "SQLite",
    async start() {
      return { newShop: async (test) => ({ dataDirectory: await dataDirectory(test) }), stop: async () => undefined };
    },
  },
  {
    name: "PostgreSQL",
    async start() {
      // As it comes: store credit needs one that survives a power cut.
      const server = await startPostgres();
      let shops = 0;
      return {
        async newShop() {
          const name = `shop_${++shops}`;
          await execute(server.connectionString, `CREATE DATABASE ${name}`);
          return { databaseUrl: server.connectionString.replace(/[^/]+$/, name) };
        },
        stop: () => server.stop(),
      };
    },
  },
];

async function execute(connectionString, statement) {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
