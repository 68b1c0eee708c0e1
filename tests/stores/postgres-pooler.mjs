/**
 * Stands in for a pooler that lends connections by transaction: every statement outside a transaction goes over another
 * connection, on which nothing of a session is left. Owns lending; it must not know what is sent.
 */
import { Client } from "pg";

export class LendingPool {
  #free = [];
  #waiting = [];
  #all = [];

  static async open(connectionString, size) {
    const pool = new LendingPool();
    pool.#all = Array.from({ length: size }, () => new Client({ connectionString }));
    await Promise.all(pool.#all.map((client) => client.connect()));
    pool.#free = [...pool.#all];
    return pool;
  }

  async query(text, values) {
    const client = await this.connect();
    try {
      return await client.query(text, values);
    } finally {
      client.release();
    }
  }

  async connect() {
    const client = this.#free.shift() ?? await new Promise((resolve) => this.#waiting.push(resolve));
    await client.query("DISCARD ALL");
    return { query: (text, values) => client.query(text, values), release: () => this.#giveBack(client) };
  }

  async end() {
    await Promise.all(this.#all.map((client) => client.end()));
  }

  #giveBack(client) {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(client);
    else next(client);
  }
}
