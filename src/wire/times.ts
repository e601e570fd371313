import * as z from "zod";

/** A moment as people read it (RFC 3339, of any offset); Unix milliseconds inside. Protocol deadlines are Unix seconds. */
export const time = z
  .codec(z.iso.datetime({ offset: true, error: "invalid_time" }), z.int(), {
    decode: (text) => Date.parse(text),
    encode: (milliseconds) => new Date(milliseconds).toISOString(),
  })
  .meta({ examples: ["2026-01-31T12:00:00.000Z"] });

/** A day in UTC; its first Unix millisecond inside. */
export const day = z
  .codec(z.iso.date({ error: "invalid_time" }), z.int(), {
    decode: (text) => Date.parse(text),
    encode: (milliseconds) => new Date(milliseconds).toISOString().slice(0, 10),
  })
  .meta({ examples: ["2026-01-31"] });
