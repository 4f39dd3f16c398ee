// What a recorded log call and the start of a span cost the program beyond the plain ones: CPU time of its main thread, in
// turns with a program that isn't recorded. Batches are small, so that every call's stack is kept. Linux tells the time of a
// single thread.
import { fork } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { median } from './data/statistics.mjs'
import { startDiscardServer } from './data/discard-server.mjs'

const program = fileURLToPath(new URL('programs/calls.mjs', import.meta.url))
const depths = [10, 30, 60]
const callsPerBatch = 100
const warmUpBatches = 30
/** As many stacks as starts of spans keep in a second. */
const spansPerBatch = 50
const spanFrames = 30

export async function measure(options) {
  const batches = Number(options[options.indexOf('--batches') + 1]) || 70
  const discard = await startDiscardServer()
  const plain = await startProgram('nothing', discard.url)
  const recorded = await startProgram('calls', discard.url)
  try {
    const rows = []
    for (const frames of depths) rows.push(await compare(plain, recorded, frames, batches))
    const starts = await compareSpans(plain, recorded, batches)
    return report(rows, starts, await measureLater(recorded), batches)
  } finally {
    await Promise.all([plain.end(), recorded.end()])
    discard.close()
  }
}

async function startProgram(mode, otlpUrl) {
  const child = fork(program, [mode, otlpUrl], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const answer = () => new Promise(resolve => child.once('message', resolve))
  await answer()
  return {
    /** µs of CPU that a batch takes: of the main thread, and of all others. */
    async batch(message) {
      const before = usage(child.pid)
      const answered = answer()
      child.send(message)
      await answered
      // It waits again, so that the kernel has settled its account.
      await sleep(5)
      const after = usage(child.pid)
      return { main: after.main - before.main, others: after.others - before.others }
    },
    usage: () => usage(child.pid),
    end() {
      child.disconnect()
      return new Promise(resolve => child.once('exit', resolve))
    }
  }
}

function usage(pid) {
  let main = 0
  let others = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const us = Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1000
    if (Number(thread) === pid) main += us
    else others += us
  }
  return { main, others }
}

async function compare(plain, recorded, frames, batches) {
  const ways = {
    plain: { program: plain, message: { work: 'log' } },
    stack: { program: plain, message: { work: 'stack' } },
    recorded: { program: recorded, message: { work: 'log' } },
    inSpan: { program: recorded, message: { work: 'log', inSpan: true } },
    plainInSpan: { program: plain, message: { work: 'log', inSpan: true } }
  }
  const used = Object.fromEntries(Object.keys(ways).map(name => [name, []]))
  for (let batch = 0; batch < batches + warmUpBatches; batch++) {
    for (const [name, { program, message }] of Object.entries(ways)) {
      const { main } = await program.batch({ ...message, frames, calls: callsPerBatch })
      if (batch >= warmUpBatches) used[name].push(main / callsPerBatch)
    }
    await sleep(40)
  }
  const between = (one, other) => median(used[one].map((us, i) => us - used[other][i]))
  return {
    frames,
    plain: median(used.plain),
    recorded: between('recorded', 'plain'),
    inSpan: between('inSpan', 'plainInSpan'),
    stack: between('stack', 'plain')
  }
}

/** µs that the start of a span costs more: of many with one name, and of one with a name of its own, whose stack is kept. */
async function compareSpans(plain, recorded, batches) {
  const differences = { span: [], newSpan: [] }
  for (let batch = 0; batch < batches + warmUpBatches; batch++) {
    for (const [work, ofWork] of Object.entries(differences)) {
      const us = []
      for (const program of [plain, recorded]) {
        us.push((await program.batch({ work, frames: spanFrames, calls: spansPerBatch })).main)
      }
      if (batch >= warmUpBatches) ofWork.push((us[1] - us[0]) / spansPerBatch)
      await sleep(1050)
    }
  }
  return { alike: median(differences.span), own: median(differences.newSpan) }
}

/** What is done for the calls afterwards, by stretches of time with some calls and without any. */
async function measureLater(recorded) {
  const stretch = async calls => {
    const before = recorded.usage()
    let batches = { main: 0, others: 0 }
    for (let i = 0; i < 20; i++) {
      const batch = await recorded.batch({ work: 'log', frames: 30, calls })
      batches = { main: batches.main + batch.main, others: batches.others + batch.others }
      await sleep(250)
    }
    const after = recorded.usage()
    return { main: after.main - before.main - batches.main, others: after.others - before.others }
  }
  const differences = []
  for (let round = 0; round < 4; round++) {
    const without = await stretch(0)
    const some = await stretch(50)
    differences.push({
      main: (some.main - without.main) / 1000,
      others: (some.others - without.others) / 1000
    })
  }
  return { main: median(differences.map(d => d.main)), others: median(differences.map(d => d.others)) }
}

function report(rows, starts, later, batches) {
  return [
    `## Cost of a log call and of the start of a span (Node ${process.versions.node})`,
    '',
    `\`npm run benchmark calls\`: µs of the main thread's CPU per call of \`console.log('order %d of %s is placed', …)\` into /dev/null, beyond the call that isn't recorded; medians of ${batches} batches of ${callsPerBatch} calls, in turns. Every call's stack is kept.`,
    '',
    '| frames | plain call | recorded, + | recorded as log record and span event, + | `new Error().stack`, + |',
    '|---|---|---|---|---|',
    ...rows.map(
      row =>
        `| ${row.frames} | ${[row.plain, row.recorded, row.inSpan, row.stack].map(us => us.toFixed(1)).join(' | ')} |`
    ),
    '',
    `The start of a span at ${spanFrames} frames: ${starts.alike.toFixed(1)} µs more than without Microlog where many of its name start at one place, ${starts.own.toFixed(1)} µs where its name is its own and its stack is kept.`,
    '',
    `Beside that, for each log call: ${later.main.toFixed(1)} µs of the main thread when profiles are handed over and records posted, ${later.others.toFixed(1)} µs of other threads (V8's sampler, redaction, encoding, sending).`
  ].join('\n')
}
