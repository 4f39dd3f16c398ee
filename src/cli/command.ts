/** One word after `microlog`. */
export interface Command {
  /** Takes what stands after the name; gives the exit code: 0 done, 1 failed, 2 wrong use. */
  run(args: string[]): Promise<number>
}
