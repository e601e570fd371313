import { workerData } from "node:worker_threads";

import { Jobs } from "./jobs";

// A thread that checks signatures.

new Jobs(workerData as SharedArrayBuffer).serve();
