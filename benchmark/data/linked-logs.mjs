/** The recording with only those logs that name no span, or one that is in it; and only the links that these need. */
export function withLinkedLogs(recording) {
  const { spans, links, logs } = recording
  const idOf = (ids, row) => Buffer.from(ids.subarray(row * 8, row * 8 + 8)).toString('hex')
  const known = new Set(Array.from({ length: spans.length }, (_, row) => idOf(spans.spanId, row)))
  const rows = Array.from(logs.link.keys()).filter(
    row => logs.link[row] === 0 || known.has(idOf(links.spanId, logs.link[row]))
  )
  const kept = [...new Set([0, ...rows.map(row => logs.link[row])])]
  const place = new Map(kept.map((link, i) => [link, i]))
  const linkIds = (ids, width) =>
    Uint8Array.from(kept.flatMap(link => Array.from(ids.subarray(link * width, (link + 1) * width))))
  const columns = Object.entries(logs).filter(([name]) => name !== 'length')
  return {
    ...recording,
    links: { length: kept.length, traceId: linkIds(links.traceId, 16), spanId: linkIds(links.spanId, 8) },
    logs: {
      length: rows.length,
      ...Object.fromEntries(
        columns.map(([name, cells]) => [name, cells.constructor.from(rows, row => cells[row])])
      ),
      link: Int32Array.from(rows, row => place.get(logs.link[row]))
    }
  }
}
