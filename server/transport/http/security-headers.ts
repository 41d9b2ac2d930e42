// What browsers are told to refuse: foreign scripts, frames around us, plain HTTP where we have HTTPS.
import type { RequestHandler } from "express";
import helmet from "helmet";

/** Scripts come from our own files only. Styles may be inline: the notes editor writes cursor colours as attributes. */
export function createSecurityHeaders(publicUrl: string, connectTo: readonly string[]): RequestHandler[] {
  const { protocol, host } = new URL(publicUrl);
  const secure = protocol === "https:";
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'", "'unsafe-inline'"],
          imgSrc: ["'self'", "data:", "blob:"],
          mediaSrc: ["'self'", "blob:"],
          workerSrc: ["'self'", "blob:"],
          fontSrc: ["'self'"],
          // Older browsers do not count WebSockets of the same host as 'self'.
          connectSrc: ["'self'", `${secure ? "wss" : "ws"}://${host}`, ...connectTo],
          objectSrc: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
        },
      },
      // Not "no-referrer": with it browsers send `Origin: null` with forms, and we could not tell whose form it was.
      referrerPolicy: { policy: "same-origin" },
      strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
      // Over plain HTTP on anything but localhost browsers ignore these with a warning.
      crossOriginOpenerPolicy: secure,
      originAgentCluster: secure,
    }),
    (_request, response, next) => {
      response.setHeader(
        "permissions-policy",
        "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()",
      );
      // Nothing here is for search engines, least of all what is shown by a secret address.
      response.setHeader("x-robots-tag", "noindex, nofollow");
      next();
    },
  ];
}
