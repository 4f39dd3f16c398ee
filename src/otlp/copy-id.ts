/** Copies the 8 or 16 bytes of an id; for so few, steps of four are faster than `set`. */
export function copyId(id: Uint8Array, from: number, to: Uint8Array, at: number, length: number): void {
  for (let i = 0; i < length; i += 4) {
    to[at + i] = id[from + i]!
    to[at + i + 1] = id[from + i + 1]!
    to[at + i + 2] = id[from + i + 2]!
    to[at + i + 3] = id[from + i + 3]!
  }
}
