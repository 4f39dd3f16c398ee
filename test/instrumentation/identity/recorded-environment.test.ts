import { expect, test } from 'vitest'
import { createOtlpReceiver } from '../../helpers/otlp-receiver.ts'
import { programPath, registerUrl, runNode } from '../../helpers/run-node.ts'

test('the environment is recorded by allow-list, beside Node, the command line and the folder', async () => {
  const receiver = await createOtlpReceiver()
  await runNode(['--import', registerUrl, programPath('ways-out.mjs'), 'exit', '--token', 'hunter2-Zq9'], {
    MICROLOG_OTLP_URL: receiver.url,
    MICROLOG_ENVIRONMENT: 'SHOP_*, DATABASE_URL',
    MICROLOG_REDACT: 'shop_region',
    NODE_ENV: 'production',
    SHOP_NAME: 'corner',
    SHOP_PASSWORD: 'hunter2-Zq9',
    SHOP_REGION: 'north',
    DATABASE_URL: 'postgres://jane:hunter2-Zq9@db/shop',
    OTHER: 'not asked for'
  })
  await receiver.close()
  const { resource } = receiver.logs[0]!
  expect(resource).toMatchObject({
    'process.environment_variable.NODE_ENV': 'production',
    'process.environment_variable.SHOP_NAME': 'corner',
    'process.environment_variable.SHOP_PASSWORD': '********',
    'process.environment_variable.SHOP_REGION': '********',
    'process.environment_variable.DATABASE_URL': 'postgres://********@db/shop',
    'process.runtime.version': process.versions.node,
    'process.working_directory': process.cwd()
  })
  expect(resource['process.command_args']).toEqual(expect.arrayContaining(['exit', '--token', '********']))
  expect(JSON.stringify(resource)).not.toMatch(/hunter2|not asked for/)
})
