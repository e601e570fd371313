import { fail } from "../../errors";
import type { Address } from "../../protocol";
import type { Publication } from "../../store";
import type { AccountService } from "../accountService";
import type { Publisher } from "./publisher";

/** What publishes for the systems that a process leads. */
export class Publishers {
  private readonly publishers = new Map<AccountService, Publisher>();

  /** @param anchor the anchor contract; null where there is no chain */
  constructor(readonly anchor: Address | null = null) {}

  add(service: AccountService, publisher: Publisher): void {
    this.publishers.set(service, publisher);
  }

  remove(service: AccountService): void {
    this.publishers.delete(service);
  }

  /** @throws not_publishing, and what {@link Publisher.publish} throws */
  async publish(service: AccountService, token: Address): Promise<Publication> {
    const publisher = this.publishers.get(service);
    return await (publisher ?? fail("not_publishing", { system: service.identity.system })).publish(token);
  }
}
