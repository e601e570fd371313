import { readFileSync } from "node:fs";

import { checkModel } from "./prove/modelChecker";

// Proves the properties of test/smt for every value of every field; fails unless each is proved.

const FILE = "test/smt/SettlementProof.sol";

const verdicts = checkModel(FILE, "SettlementProof");
for (const { outcome, file, line, code, message } of verdicts) {
  console.log(`${outcome.padEnd(7)} ${file}:${line}  ${code.replace(/\s+/g, " ")}`);
  if (outcome !== "proved") console.log(message);
}
const proved = verdicts.filter(({ outcome }) => outcome === "proved");
const asserted = readFileSync(FILE, "utf8").split("assert(").length - 1;
const seen = proved.filter(({ code }) => code.startsWith("assert(")).length;
console.log(`${proved.length} of ${verdicts.length} proved, ${seen} of ${asserted} assertions among them`);
if (proved.length !== verdicts.length || seen !== asserted) process.exitCode = 1;
