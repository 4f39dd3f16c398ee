/** Interned strings; row 0 is ''. */
export class StringBuilder {
  readonly #strings: string[] = ['']
  readonly #rows = new Map<string, number>([['', 0]])

  intern(text: string): number {
    for (let row = this.#rows.size; row < this.#strings.length; row++)
      this.#rows.set(this.#strings[row]!, row)
    const known = this.#rows.get(text)
    return known === undefined ? this.append(text) : known
  }

  /** Where it is certain that no other row holds this text: it is looked at when the next one is interned. */
  append(text: string): number {
    return this.#strings.push(text) - 1
  }

  clear(): void {
    this.#rows.clear()
    this.#rows.set('', 0)
    this.#strings.length = 1
  }

  get length(): number {
    return this.#strings.length
  }

  at(row: number): string {
    return this.#strings[row] ?? ''
  }

  snapshot(): readonly string[] {
    return Object.freeze(this.#strings.slice())
  }
}
