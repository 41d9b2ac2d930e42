// How errors are answered at addresses that people open: in words to a browser, as everywhere to everybody else.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express from "express";
import { expect, test } from "vitest";
import { notFound } from "../../../shared/errors.ts";
import { sendError, showErrorsAsPages } from "./errors.ts";

test("[CAREER-112] a browser reads a page, the same one for every address; a program reads JSON", async () => {
  const app = express();
  app.get("/r/:token", (_request, response) => {
    showErrorsAsPages(response);
    sendError(response, notFound("This page"));
  });
  app.get("/other", (_request, response) => sendError(response, notFound()));
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const get = async (path: string, accept: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { accept } });
    return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
  };
  try {
    const browser = "text/html,application/xhtml+xml,*/*;q=0.8";
    const page = await get("/r/one", browser);
    expect(page).toMatchObject({ status: 404, type: "text/html; charset=utf-8" });
    expect(page.text).toContain("<h1>Nothing is shown here</h1>");
    expect(await get("/r/two", browser)).toEqual(page);
    for (const [path, accept] of [
      ["/r/one", "*/*"],
      ["/other", browser],
    ] as const) {
      const { status, text } = await get(path, accept);
      expect([status, JSON.parse(text)]).toMatchObject([404, { error: { code: "NOT_FOUND" } }]);
    }
  } finally {
    server.close();
  }
});
