export { verifyLiability, type LiabilityChecks, type LiabilityProof, type VerifiedLiability } from "./verifyLiability";
