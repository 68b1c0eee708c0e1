/**
 * As much of the package `pg` as the shop uses; it comes without types.
 */
declare module "pg" {
  interface Answer {
    readonly rows: Readonly<Record<string, unknown>>[];
  }

  interface Client {
    query(text: string, values?: unknown[]): Promise<Answer>;
    release(destroy?: boolean): void;
  }

  class Pool {
    constructor(options: { readonly connectionString: string });
    query(text: string, values?: unknown[]): Promise<Answer>;
    connect(): Promise<Client>;
    on(event: "error", listener: (error: Error) => void): this;
    end(): Promise<void>;
  }

  const pg: { readonly Pool: typeof Pool };
  export default pg;
}
