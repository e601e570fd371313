import { Link } from "wouter";

/** An account in short, which leads to all of it. */
export function AccountLink({ of }: { readonly of: string }) {
  return (
    <Link href={`/accounts/${of}`} title={of}>
      <code>{`${of.slice(0, 8)}…${of.slice(-6)}`}</code>
    </Link>
  );
}
