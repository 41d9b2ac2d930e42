// A thread that makes PDFs with Typst, so that nobody else waits while it does.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parentPort } from "node:worker_threads";
import * as typst from "@myriaddreamin/typst-ts-web-compiler";
import { typstFonts } from "./fonts.ts";
import { giveWay } from "../../../../platform/thread-priority.ts";
import type { FromThread, ToThread } from "../bounded-thread.ts";
import type { TypstInput, TypstOutput } from "./typst.ts";

if (parentPort === null) throw new Error("this program runs as a thread");
const port = parentPort;
giveWay();

const main = "/main.typ";
/** Numbers of the compiler's: pages, as opposed to a web page; and a PDF, as opposed to its own format. */
const paged = 0;
const pdfFormat = 1;
const shortDiagnostics = 2;

const compiler = opened();
port.on("message", (message: ToThread<TypstInput>) => void answer(message));

async function opened(): Promise<typst.TypstCompiler> {
  const program = import.meta.resolve("@myriaddreamin/typst-ts-web-compiler/wasm");
  typst.initSync({ module: new WebAssembly.Module(readFileSync(fileURLToPath(program))) });
  const builder = new typst.TypstCompilerBuilder();
  // It reads what it is given and nothing else: neither files, nor packages, nor the network.
  builder.set_dummy_access_model();
  for (const font of await typstFonts()) await builder.add_raw_font(font);
  return await builder.build();
}

async function answer({ id, input }: ToThread<TypstInput>): Promise<void> {
  try {
    const output = made(await compiler, input);
    port.postMessage({ id, output } satisfies FromThread<TypstOutput>);
  } catch (error) {
    port.postMessage({ id, error: said(error) } satisfies FromThread<TypstOutput>);
  }
}

function made(compile: typst.TypstCompiler, { source, data }: TypstInput): TypstOutput {
  compile.reset_shadow();
  compile.add_source(main, source);
  compile.map_shadow("/page.json", new TextEncoder().encode(data));
  const world = compile.snapshot(undefined, main, undefined);
  try {
    const compiled = world.compile(paged, shortDiagnostics) as { hasError: boolean; diagnostics?: string[] };
    if (compiled.hasError) throw new Error((compiled.diagnostics ?? []).join("\n"));
    const { result } = world.get_artifact(pdfFormat, shortDiagnostics) as { result?: Uint8Array };
    if (result === undefined) throw new Error("Typst gave no document");
    const [counted] = JSON.parse(world.query(paged, "<pages>", "value")) as [number, number][];
    if (counted === undefined) throw new Error("Typst did not count its pages");
    const [pages, filled] = counted;
    return { pdf: result, pages, filled: Math.min(1, Math.max(0, filled)) };
  } finally {
    world.free();
    // What it keeps between documents grows with each.
    compile.reset();
  }
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
