export { SignatureChecks } from "./checks";
export { beginChecks, type Signers } from "./signed";
