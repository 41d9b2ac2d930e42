// Which characters a TrueType font has: its `cmap` table, in the two formats that fonts of today use.

/** Code points with a glyph. Throws where the file is none of ours. */
export function fontCharacters(font: Uint8Array): Set<number> {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const cmap = tableOffset(view, "cmap");
  const found = new Set<number>();
  for (let at = 0; at < view.getUint16(cmap + 2); at += 1) {
    const subtable = cmap + view.getUint32(cmap + 4 + at * 8 + 4);
    const format = view.getUint16(subtable);
    if (format === 4) addSegments(view, subtable, found);
    if (format === 12) addGroups(view, subtable, found);
  }
  return found;
}

function tableOffset(view: DataView, tag: string): number {
  for (let at = 0; at < view.getUint16(4); at += 1) {
    const entry = 12 + at * 16;
    const name = String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(entry + index)));
    if (name === tag) return view.getUint32(entry + 8);
  }
  throw new Error(`the font has no ${tag} table`);
}

function addSegments(view: DataView, subtable: number, found: Set<number>): void {
  const doubled = view.getUint16(subtable + 6);
  const ends = subtable + 14;
  const starts = ends + doubled + 2;
  const deltas = starts + doubled;
  const offsets = deltas + doubled;
  for (let at = 0; at < doubled; at += 2) {
    const end = view.getUint16(ends + at);
    const start = view.getUint16(starts + at);
    const offset = view.getUint16(offsets + at);
    for (let code = start; code <= end && code !== 0xffff; code += 1) {
      const glyph =
        offset === 0
          ? (code + view.getUint16(deltas + at)) & 0xffff
          : view.getUint16(offsets + at + offset + (code - start) * 2);
      if (glyph !== 0) found.add(code);
    }
  }
}

function addGroups(view: DataView, subtable: number, found: Set<number>): void {
  for (let at = 0; at < view.getUint32(subtable + 12); at += 1) {
    const group = subtable + 16 + at * 12;
    for (let code = view.getUint32(group); code <= view.getUint32(group + 4); code += 1) found.add(code);
  }
}
