// Processes that are restarted over and over, as a cluster's are; MICROLOG_TEST_RESTARTS=100 for more of them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createOtlpReceiver } from '../helpers/otlp-receiver.ts'
import { programPath, runNode } from '../helpers/run-node.ts'

const processes = 8
const restarts = Number(process.env.MICROLOG_TEST_RESTARTS ?? 3)

test(
  'each restart of 8 processes, and an npm script, has a recording of its own that names its parent, sent with the key given in code',
  { timeout: 120_000 + processes * restarts * 10_000 },
  async () => {
    const receiver = await createOtlpReceiver({ stacks: false })
    onTestFinished(() => receiver.close())
    const folder = mkdtempSync(join(tmpdir(), 'microlog-test-restarts-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const scripts = { told: `node "${programPath('restarts.mjs')}" child npm script` }
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, scripts }))

    const ended = await runNode(
      [programPath('restarts.mjs'), 'parent', String(processes), String(restarts), folder],
      { MICROLOG_OTLP_URL: receiver.url }
    )
    expect(ended).toMatchObject({ code: 0 })

    const turns = Array.from({ length: processes * restarts }, (_, index) => {
      return `child ${Math.floor(index / processes)} of ${index % processes}`
    })
    const children = receiver.logs.filter(({ body }) => body.startsWith('child '))
    expect(children.map(({ body }) => body).sort()).toEqual([...turns, 'child npm of script'].sort())
    const instances = children.map(({ resource }) => resource['service.instance.id'])
    expect(new Set(instances).size).toBe(children.length)
    const pidOf = new Map<unknown, unknown>()
    for (const { resource } of [...receiver.logs, ...receiver.points, ...receiver.profiles]) {
      const { 'service.instance.id': instance, 'process.pid': pid } = resource
      expect(pidOf.get(instance) ?? pid).toBe(pid)
      pidOf.set(instance, pid)
    }
    const [parent] = receiver.logs.filter(({ body }) => body === 'parent')
    const parentId = parent!.resource['service.instance.id']
    const direct = children.filter(({ body }) => !body.includes('npm'))
    expect(new Set(direct.map(({ resource }) => resource['microlog.parent.id']))).toEqual(new Set([parentId]))
    // npm is a Node process itself: between the parent and its script.
    const script = children.find(({ body }) => body.includes('npm'))!
    expect(pidOf.has(script.resource['microlog.parent.id'])).toBe(true)
    const keys = new Set(receiver.requests.map(({ headers }) => headers.authorization))
    expect(keys).toEqual(new Set(['Bearer given-in-code']))
  }
)
