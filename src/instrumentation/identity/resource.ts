// Who this process is. All its signals must carry one identity, so it is put into OTEL_RESOURCE_ATTRIBUTES before an SDK
// reads that, and an identity the SDK brings itself is taken over.
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { AttributeMap, AttributeValue } from '../../otlp/protobuf-writer.ts'
import type { Settings } from '../options.ts'
import { createRedactor, type Redactor } from '../logs/redaction.ts'
import { recordedEnvironment } from './recorded-environment.ts'

export interface Identity {
  readonly instanceId: string
  /** service.instance.id of the process that started this one. */
  readonly parentId: string | undefined
  /** What is known of this process without an SDK. */
  readonly attributes: Record<string, AttributeValue>
}

type Environment = Record<string, string | undefined>

const attributesVariable = 'OTEL_RESOURCE_ATTRIBUTES'
const instanceKey = 'service.instance.id'
const creationKey = 'process.creation.time'
const announcedKeys = [instanceKey, creationKey, 'microlog.label', 'microlog.parent.id']
const unknownService = 'unknown_service'

/** `instanceId`: one that was chosen by who started this process. */
export function createIdentity(settings: Settings, env: Environment, instanceId?: string): Identity {
  const parentId = env.MICROLOG_PARENT_ID || undefined
  const given = parseResourceAttributes(env[attributesVariable] ?? '')
  // What another process announced may come with the environment it handed down; who that is isn't who we are.
  if ((parentId !== undefined && given[instanceKey] === parentId) || creationKey in given)
    for (const key of announcedKeys) delete given[key]
  const instance = instanceId ?? given[instanceKey] ?? randomUUID()
  const name =
    env.OTEL_SERVICE_NAME ||
    given['service.name'] ||
    settings.label ||
    env.MICROLOG_PARENT_NAME ||
    `${unknownService}:node`
  const redactor = createRedactor(settings.redact)
  const attributes: Record<string, AttributeValue> = {
    'process.pid': process.pid,
    'process.executable.path': process.execPath,
    'process.command_args': redactor.args([
      ...process.argv.slice(0, 1),
      ...process.execArgv,
      ...process.argv.slice(1)
    ]),
    'process.working_directory': redactor.value('path', workingDirectory()),
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
    'host.name': hostname(),
    'telemetry.sdk.language': 'nodejs',
    ...recordedEnvironment(env, settings.environment, redactor),
    ...redactedAll(given, redactor),
    ...redactedAll(settings.resource, redactor),
    [creationKey]: new Date(performance.timeOrigin).toISOString(),
    'service.name': name,
    [instanceKey]: instance
  }
  if (settings.label !== undefined) attributes['microlog.label'] = settings.label
  if (parentId !== undefined) attributes['microlog.parent.id'] = parentId
  return { instanceId: instance, parentId, attributes }
}

/** '' where it was removed, by a deployment perhaps. */
function workingDirectory(): string {
  try {
    return process.cwd()
  } catch {
    return ''
  }
}

/** OTEL_RESOURCE_ATTRIBUTES as it was and as it is now. */
export interface Announcement {
  readonly before: string | undefined
  readonly now: string
  /** Takes it back, for children's sake. */
  recall(): void
}

/** Puts the identity where every SDK of this process reads it. */
export function announceIdentity({ attributes }: Identity, env: Environment): Announcement {
  const before = env[attributesVariable]
  const kept = (before ?? '')
    .split(',')
    .filter(pair => pair.trim() !== '' && !announcedKeys.includes(decoded(pair.split('=', 1)[0]!.trim())))
  const ours = announcedKeys
    .filter(key => attributes[key] !== undefined)
    .map(key => `${key}=${encodeURIComponent(String(attributes[key]).slice(0, 255))}`)
  const now = [...kept, ...ours].join(',')
  env[attributesVariable] = now
  return {
    before,
    now,
    recall() {
      if (env[attributesVariable] !== now) return
      if (before === undefined) delete env[attributesVariable]
      else env[attributesVariable] = before
    }
  }
}

/** The SDKs' Resource of both lines, as far as it is used here. */
export interface SdkResource {
  readonly asyncAttributesPending?: boolean
  readonly attributes: Record<string, unknown>
  /** Its own list, not a copy: the first entry of a key counts. */
  getRawAttributes?(): [string, unknown][]
}

/**
 * What all our signals carry once an SDK is there: its attributes go before ours. Where it has no instance, or only
 * the name an SDK makes up, it gets ours instead, so that its spans meet our stacks.
 */
export function mergeSdkResource(identity: Identity, sdk: SdkResource, redactor: Redactor): AttributeMap {
  const known = settledAttributes(sdk)
  const name = known['service.name']
  const madeUp = typeof name !== 'string' || name.startsWith(unknownService)
  const own = identity.attributes
  if (madeUp && !String(own['service.name']).startsWith(unknownService))
    amend(sdk, 'service.name', own, known)
  if (typeof known[instanceKey] !== 'string') amend(sdk, instanceKey, own, known)
  return { ...own, ...redactedAll(known, redactor) }
}

/** Makes an SDK's resource that of this process, also where it has an instance already. */
export function takeInstance(identity: Identity, sdk: SdkResource): void {
  const known = settledAttributes(sdk)
  if (known[instanceKey] !== identity.attributes[instanceKey])
    amend(sdk, instanceKey, identity.attributes, known)
}

function amend(
  sdk: SdkResource,
  key: string,
  own: Identity['attributes'],
  known: Identity['attributes']
): void {
  const value = own[key]
  if (value === undefined) return
  known[key] = value
  sdk.getRawAttributes?.().unshift([key, value])
  if (sdk.asyncAttributesPending !== true) sdk.attributes[key] = value
}

/** Reading `attributes` while some are pending makes the SDK complain. */
function settledAttributes(sdk: SdkResource): Record<string, AttributeValue> {
  const known: Record<string, AttributeValue> = {}
  const entries = sdk.getRawAttributes?.() ?? Object.entries(sdk.attributes)
  for (const [key, value] of entries) {
    if (!(key in known) && isAttributeValue(value)) known[key] = value
  }
  return known
}

function isAttributeValue(value: unknown): value is AttributeValue {
  return (
    ['string', 'number', 'boolean'].includes(typeof value) ||
    (Array.isArray(value) && value.every(item => item === null || typeof item !== 'object'))
  )
}

function redactedAll(
  attributes: Readonly<Record<string, AttributeValue>>,
  redactor: Redactor
): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      Array.isArray(value) ? redactor.args(value.map(String)) : redactor.value(name, value)
    ])
  )
}

/** As the specification has it: pairs with percent-encoding, and nothing at all if one is malformed. */
function parseResourceAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const pair of text.split(',')) {
    if (pair.trim() === '') continue
    const parts = pair.split('=')
    if (parts.length !== 2) return {}
    attributes[decoded(parts[0]!.trim())] = decoded(parts[1]!.trim())
  }
  return attributes
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
