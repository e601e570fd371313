/** What finds codes in a picture, as the browser's own BarcodeDetector does. */
interface Detector {
  detect(picture: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}

interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

const FORMAT = "qr_code";

/** The browser's own where it has one; the other is loaded when it is needed. */
async function detector(): Promise<Detector> {
  const { BarcodeDetector: own } = window as { BarcodeDetector?: DetectorClass };
  if (own !== undefined && (await own.getSupportedFormats()).includes(FORMAT)) return new own({ formats: [FORMAT] });
  const { BarcodeDetector } = await import("qr/decode.js");
  return new BarcodeDetector({ formats: [FORMAT] });
}

/** Milliseconds between two looks. */
const PAUSE = 150;

/** Looks at a picture that moves until there is a code in it; resolves with its text, or with nothing once `signal` ends it. */
export async function findCode(picture: HTMLVideoElement, signal: AbortSignal): Promise<string | undefined> {
  const codes = await detector();
  while (!signal.aborted) {
    const [found] = await codes.detect(picture);
    if (found !== undefined) return found.rawValue;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return undefined;
}
