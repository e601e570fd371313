import { Deposit } from "../chain/Deposit";
import { Withdraw } from "../chain/Withdraw";

/** Money to and from the chain. */
export default function Chain() {
  return (
    <div className="grid">
      <Deposit />
      <Withdraw />
    </div>
  );
}
