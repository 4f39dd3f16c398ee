/** One line to whoever runs us, on stderr. @param by the command that says it */
export function writeNotice(line: string, by = ''): void {
  process.stderr.write(`microlog${by && ` ${by}`}: ${line}\n`)
}
