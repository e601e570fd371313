import type { Migration } from "./migration";

/** SQLite's places are entered for a part of the channels at a time: which part a channel is of, the first byte of its id says. */
export const parts: Migration = {
  sqlite: `
    ALTER TABLE entered_places RENAME TO entered_places_of_all;
    CREATE TABLE entered_places (
      part INTEGER PRIMARY KEY,
      first BLOB NOT NULL,
      last BLOB NOT NULL,
      states INTEGER NOT NULL,
      notes INTEGER NOT NULL
    ) STRICT;
    INSERT INTO entered_places
      SELECT p.column1, p.column2, p.column3, a.states, a.notes FROM entered_places_of_all a, (VALUES
        (0, x'00', x'1F'), (1, x'20', x'3F'), (2, x'40', x'5F'), (3, x'60', x'7F'),
        (4, x'80', x'9F'), (5, x'A0', x'BF'), (6, x'C0', x'DF'), (7, x'E0', x'FF')) p;
    DROP TABLE entered_places_of_all;
  `,
  postgres: "",
};
