import { expect, test } from 'vitest'
import { startCollectorProcess } from '../../collector/collector-process.ts'
import { temporaryFolder } from '../../collector/temporary-store.ts'
import type { Page, RecordingSummary } from '../../../src/collector/api.ts'
import { programPath, registerUrl, runNode } from '../../helpers/run-node.ts'

test('a collector that only OTEL_EXPORTER_OTLP_ENDPOINT names gets stacks, whatever its port', async () => {
  const ports = ['--port', '0', '--otlp-port', '0']
  const collector = await startCollectorProcess(['--store', temporaryFolder(), ...ports])
  await runNode(['--import', registerUrl, programPath('ways-out.mjs'), 'natural'], {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.otlpUrl,
    MICROLOG_LABEL: 'by its OTLP port',
    OTEL_SDK_DISABLED: 'true'
  })
  const answer = await fetch(`${collector.uiUrl}/api/recordings`)
  const { items } = (await answer.json()) as Page<RecordingSummary>
  expect(items).toMatchObject([{ label: 'by its OTLP port', logs: 2 }])
  expect(items[0]!.samples).toBeGreaterThan(0)
  expect(await collector.end()).toBe(0)
})
