export * from "./browser";
export { externalSigner } from "./signers/externalSigner";
export { FileStore } from "./stores/fileStore";
export { decodeSubmissionResult, encodeSubmission, type Submission, type SubmissionResult } from "../wire/binary";
