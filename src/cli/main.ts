#!/usr/bin/env node
import { EXIT } from "./exitCodes";
import { run } from "./run";

void run(process.argv.slice(2)).then(() => {
  // What failed may leave a connection behind.
  if (process.exitCode !== EXIT.done) process.exit();
});
