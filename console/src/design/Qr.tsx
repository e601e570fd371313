import encodeQR from "qr";

import "./qr.css";

/** Modules around the code, as few as most cameras do with. */
const BORDER = 3;

/** A text as a QR code, dark on white in every theme, as cameras want it. */
export function Qr({ text, label }: { readonly text: string; readonly label: string }) {
  const lines = encodeQR(text, "raw", { ecc: "low", border: BORDER });
  const path = lines.flatMap((line, y) => line.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${lines.length} ${lines.length}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <path d={path} />
    </svg>
  );
}
