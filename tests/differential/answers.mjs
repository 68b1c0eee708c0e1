/** Prints the package's answers to five hundred generated requests, one a line. For `environment.test.mjs`. */
import { evaluate, preload } from "../node/package.mjs";
import { randomRequest } from "../reference/generate-requests.mjs";

await preload();
for (let seed = 0; seed < 500; seed++) console.log(JSON.stringify(evaluate(randomRequest(seed))));
