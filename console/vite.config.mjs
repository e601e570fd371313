import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `npm start` answers: what the pages ask for while they are worked on (`npx vite console`). */
const SERVICE = process.env.STARLEDGER_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  // The package of this name, not Node's module.
  resolve: { alias: { buffer: "buffer/" } },
  build: {
    outDir: "../dist/console",
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: {
    proxy: Object.fromEntries(
      ["/v1", "/metrics", "/healthz", "/readyz"].map((path) => [path, { target: SERVICE, ws: true }]),
    ),
  },
});
