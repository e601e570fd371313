import { writeFileSync } from "node:fs";
import path from "node:path";

import encodeQR from "qr";

import { temporaryFolder } from "./temporaryFolder";

const [WIDTH, HEIGHT] = [640, 480];
/** Pixels of a module. */
const SCALE = 6;

/** A film of a QR code before white, as Chromium takes one in place of a camera's picture; resolves with its file. */
export function filmOf(context: Mocha.Context, text: string): string {
  const lines = encodeQR(text, "raw", { ecc: "low", border: 3 });
  const side = lines.length * SCALE;
  const [left, top] = [(WIDTH - side) >> 1, (HEIGHT - side) >> 1];
  const luma = Buffer.alloc(WIDTH * HEIGHT, 235);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (lines[Math.floor(y / SCALE)]![Math.floor(x / SCALE)]!) luma[(top + y) * WIDTH + left + x] = 16;
    }
  }
  const frame = Buffer.concat([Buffer.from("FRAME\n"), luma, Buffer.alloc((WIDTH * HEIGHT) / 2, 128)]);
  const file = path.join(temporaryFolder(context), "code.y4m");
  const header = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420mpeg2\n`);
  writeFileSync(file, Buffer.concat([header, ...Array.from({ length: 10 }, () => frame)]));
  return file;
}
