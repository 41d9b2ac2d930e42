// The built pages: files of one build for ever, the page that names them never from a cache.
import { existsSync } from "node:fs";
import { join } from "node:path";
import express, { type RequestHandler, type Router } from "express";
import { setRoute } from "./request-log.ts";

/** Every path without a file extension answers the application, which knows its own routes. */
export function createClientFiles(clientDir: string): Router {
  const router = express.Router();
  const page = join(clientDir, "index.html");
  router.use((_request, response, next) => {
    setRoute(response, "page");
    next();
  });
  // File names under assets/ carry a hash of their content.
  router.use(
    "/assets",
    sendCompressed(join(clientDir, "assets")),
    express.static(join(clientDir, "assets"), { immutable: true, maxAge: "365d", index: false }),
  );
  router.use(
    express.static(clientDir, {
      index: false,
      redirect: false,
      setHeaders: (response) => void response.setHeader("cache-control", "no-cache"),
    }),
  );
  router.get("/{*path}", (request, response, next) => {
    const lastPart = request.path.split("/").at(-1) ?? "";
    if (lastPart.includes(".")) return next();
    if (!existsSync(page)) {
      response.status(503).type("text").send("The pages are not built yet: run `npm run build`.\n");
      return;
    }
    response.setHeader("cache-control", "no-cache");
    response.sendFile(page);
  });
  return router;
}

const encodings = [
  { name: "br", extension: ".br" },
  { name: "gzip", extension: ".gz" },
] as const;

/** The build puts compressed files beside the larger ones: a phone waits for a third of the bytes. */
function sendCompressed(directory: string): RequestHandler {
  return (request, response, next) => {
    const [, name, type] = /^\/([\w-]+\.(js|css))$/.exec(request.path) ?? [];
    if (name === undefined || type === undefined) return next();
    response.vary("accept-encoding");
    const accepted = encodings.find(
      (encoding) =>
        request.acceptsEncodings(encoding.name) === encoding.name &&
        existsSync(join(directory, name + encoding.extension)),
    );
    if (accepted !== undefined) {
      response.type(type).setHeader("content-encoding", accepted.name);
      request.url = `/${name}${accepted.extension}`;
    }
    next();
  };
}
