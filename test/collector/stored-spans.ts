import { openStore } from '../../src/collector/open-store.ts'
import { spanIdAt } from '../../src/recording/ids.ts'

/** Ids of all spans in the segments of a store, each as often as it is there. */
export async function storedSpanIds(store: string): Promise<string[]> {
  const { library } = await openStore(store)
  const ids: string[] = []
  for (const { file } of await library.open()) {
    const { spans } = await file.read(['spans'])
    for (let row = 0; row < spans.length; row++) ids.push(spanIdAt(spans.spanId, row))
  }
  return ids
}
