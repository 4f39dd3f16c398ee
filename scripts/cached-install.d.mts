export type NodeLine = 20 | 22 | 24 | 26
export function cachedInstall(
  packages: Record<string, string>,
  options?: { scripts?: boolean; node?: NodeLine }
): Promise<string>
export function nodeOfLine(major: NodeLine): Promise<string>
