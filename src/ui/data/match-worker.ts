// Runs a regular expression where it can be ended: some take for ever, and a shared link may carry one.
import { compileSearch, matchTexts } from '../../recording/search.ts'

export type MatchRequest = { texts: readonly string[] } | { search: string }
export type MatchAnswer = { search: string; matches: Uint8Array }

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<MatchRequest>) => void
  postMessage(answer: MatchAnswer, transfer: Transferable[]): void
}
let texts: readonly string[] = []

scope.onmessage = ({ data }) => {
  if ('texts' in data) {
    texts = data.texts
    return
  }
  const compiled = compileSearch(data.search)
  if (compiled.kind !== 'pattern') return
  const matches = matchTexts(compiled.pattern, texts)
  scope.postMessage({ search: data.search, matches }, [matches.buffer as ArrayBuffer])
}
