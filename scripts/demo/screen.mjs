// What the demo shows: steps, a link, and one line of progress that renews itself on a terminal.
import { number } from './recordings.mjs'

export function createScreen(out) {
  const live = out.isTTY === true
  const paint = (code, text) => (live && !process.env.NO_COLOR ? `\u001b[${code}m${text}\u001b[0m` : text)
  let renewing = false

  function line(text) {
    out.write(`${renewing ? '\r\u001b[K' : ''}${text}\n`)
    renewing = false
  }
  function renew(text) {
    if (!live) return line(text)
    out.write(`\r\u001b[K${text.slice(0, (out.columns ?? 120) - 1)}`)
    renewing = true
  }

  return {
    /** A terminal's line is renewed every second; a log file gets one every five. */
    progressIntervalMs: live ? 1000 : 5000,
    title: text => line(`\n  ${paint(1, text)}\n`),
    step: (name, text) => line(`  ${paint(32, '✓')} ${name.padEnd(10)} ${text}`),
    wait: (name, text) => renew(`  … ${name.padEnd(10)} ${text}`),
    link(url, ending) {
      line('')
      line(`  ${paint(1, '→ Open')} ${paint('1;4;36', url)}   (${ending})`)
      line('')
    },
    note: text => line(`    ${text}`),
    progress(elapsedMs, { requests, refused, failed, unanswered }, recordings) {
      const sum = field => number(recordings.reduce((total, recording) => total + recording[field], 0))
      const load = [`${number(requests)} requests`, `${refused} refused`, `${failed} failed`]
      if (unanswered > 0) load.push(`${unanswered} unanswered`)
      const kept = [`${sum('samples')} samples`, `${sum('spans')} spans`, `${sum('logs')} logs`]
      renew(`  ${clock(elapsedMs)}  ${load.join(', ')} · ${kept.join(', ')}`)
    },
    paragraph(lines) {
      line('')
      for (const text of lines) line(`  ${text}`)
      line('')
    },
    fail: text =>
      process.stderr.write(
        `${renewing ? '\n' : ''}\n  ${paint(31, '✗')} ${text.replaceAll('\n', '\n    ')}\n\n`
      )
  }
}

function clock(ms) {
  const seconds = Math.floor(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
