import {
  digest,
  hashClosing,
  hashState,
  hashWithdrawal,
  type Address,
  type Hash,
  type Signature,
} from "../../protocol";
import type { Request } from "../requests";
import type { SignatureChecks } from "./checks";

/** What was signed, and who signed it. */
export interface Signed {
  readonly hash: Hash;
  readonly signer: Address;
}

/** Of the signatures that a request brings, by their order; throws what the hash of a part does, and invalid_signature. */
export type Signers = (part: number) => Signed;

/** What checks are made with. */
export interface CheckParts {
  readonly composer: { readonly separator: Hash };
  readonly checks: SignatureChecks;
}

/** Begins to check what users have signed of a request; what is wrong with it is told when it is asked for. */
export function beginChecks(request: Request, { composer, checks }: CheckParts): Signers {
  const begun = signedParts(request).map(({ hashOf, signature }): (() => Signed) => {
    try {
      const hash = hashOf();
      const signer = checks.begin(digest(composer.separator, hash), signature);
      return () => ({ hash, signer: signer() });
    } catch (error) {
      return () => {
        throw error;
      };
    }
  });
  return (part) => begun[part]!();
}

/** Every signature that a request brings, in the order in which {@link compose} asks for them. */
function signedParts(request: Request): { readonly hashOf: () => Hash; readonly signature: Signature }[] {
  switch (request.type) {
    case "submitState":
    case "resynchronise":
      return [{ hashOf: () => hashState(request.proposal), signature: request.signature }];
    case "withdraw": {
      const { withdrawal, signature, payment } = request;
      const own = { hashOf: () => hashWithdrawal(withdrawal), signature };
      if (payment === undefined) return [own];
      return [own, { hashOf: () => hashState(payment.proposal), signature: payment.signature }];
    }
    case "closeCooperatively":
      return [{ hashOf: () => hashClosing(request.closing), signature: request.signature }];
    default:
      return [];
  }
}
