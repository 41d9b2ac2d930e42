// Builds the browser application into client/dist; in development it stands before a running server.
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const server = process.env["CONNVO_URL"] ?? "http://localhost:3000";
const proxied = { target: server, changeOrigin: false };

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), streamVideo(), compressedCopies()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    assetsDir: "assets",
    // Inlined files would be data: addresses, which the content security policy refuses for scripts and fonts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What nearly every page needs is one file: a dozen small ones cost a slow phone more than their bytes.
          groups: [
            {
              name: "base",
              test: /client\/(ui\/(?!markdown)|api)|\/shared\/|node_modules\/(zod|lucide-react)\//,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      "/api": proxied,
      "/auth": proxied,
      "/local-sign-in": proxied,
      "/socket.io": { ...proxied, ws: true },
      "/notes": { ...proxied, ws: true },
    },
  },
});

/** Stream's package is built in where somebody has installed it (docs/video.md), in a chunk that is loaded with such a call. */
function streamVideo(): Plugin {
  const name = "virtual:stream-video";
  const resolved = `\0${name}`;
  const place = join(import.meta.dirname, "..", "node_modules", "@stream-io", "video-client");
  const installed = existsSync(join(place, "package.json"));
  return {
    name: "stream-video",
    resolveId: (source) => (source === name ? resolved : null),
    load: (id) =>
      id !== resolved
        ? null
        : installed
          ? 'export { StreamVideoClient } from "@stream-io/video-client";'
          : "export const StreamVideoClient = null;",
  };
}

/** Smaller copies beside scripts and styles, made once here instead of at every request. */
function compressedCopies(): Plugin {
  const minBytes = 1_000;
  return {
    name: "compressed-copies",
    apply: "build",
    async writeBundle({ dir }, bundle) {
      if (dir === undefined) return;
      const names = Object.keys(bundle).filter((name) => /\.(js|css)$/.test(name));
      await Promise.all(
        names.map(async (name) => {
          const content = await readFile(join(dir, name));
          if (content.length < minBytes) return;
          const [brotli, zipped] = await Promise.all([
            promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
            promisify(gzip)(content, { level: 9 }),
          ]);
          await Promise.all([
            writeFile(join(dir, `${name}.br`), brotli),
            writeFile(join(dir, `${name}.gz`), zipped),
          ]);
        }),
      );
    },
  };
}
