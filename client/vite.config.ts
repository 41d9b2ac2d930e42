// Builds the browser application into client/dist; in development it stands before a running server.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = process.env["CONNVO_URL"] ?? "http://localhost:3000";
const proxied = { target: server, changeOrigin: false };

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    assetsDir: "assets",
    // Inlined files would be data: addresses, which the content security policy refuses for scripts and fonts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
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
