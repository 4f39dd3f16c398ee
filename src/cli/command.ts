/** One word after `microlog`. */
export interface Command {
  readonly name: string
  /** One line for `microlog --help`. */
  readonly summary: string
  /** The whole page for `microlog NAME --help`. */
  readonly help: string
  /** Takes what stands after the name; gives the exit code: 0 done, 1 failed, 2 wrong use. */
  run(args: string[]): Promise<number>
}
