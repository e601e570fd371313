/** Why there is no picture. */
export type Blindness = "none" | "denied" | "busy";

/** By the names that browsers give it. */
const REASONS: Readonly<Record<string, Blindness>> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** A camera's picture, of the one at the device's back if it has several; or why there is none. */
export async function openCamera(): Promise<MediaStream | Blindness> {
  // Pages that are not from https or this machine have no such property.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) return "none";
  try {
    return await devices.getUserMedia({ video: { facingMode: "environment" } });
  } catch (error) {
    return (error instanceof DOMException && REASONS[error.name]) || "none";
  }
}
