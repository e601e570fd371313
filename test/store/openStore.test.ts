import { openStore } from "../../src/store";
import { expectError } from "../helpers/errors";

describe("openStore", () => {
  it("refuses an address of no known kind, and does not repeat it: there may be a password in it", async () => {
    for (const url of ["", "sqlite:", "mysql://root:secret@host/db", "postgres:/x", "postgres://host:port/x", "a.db"]) {
      await expectError(() => openStore(url), "unknown_store").then(({ message }) => {
        if (url !== "" && message.includes(url)) throw new Error(message);
      });
    }
  });
});
