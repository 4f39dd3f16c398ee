/** Interned strings; row 0 is ''. */
export class StringBuilder {
  readonly #rows = new Map<string, number>([['', 0]])
  readonly #strings: string[] = ['']

  intern(text: string): number {
    const known = this.#rows.get(text)
    if (known !== undefined) return known
    const row = this.#strings.push(text) - 1
    this.#rows.set(text, row)
    return row
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
