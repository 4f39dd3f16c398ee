// What a child process finds in its environment beside what the program gives it. The program's own environment stays as it
// is. Pure.
import { quotedWord } from '../node-options.ts'

export type EnvironmentValue = string | undefined

export interface ChildContext {
  /** service.instance.id of this process: the child's parent. */
  instanceId: string
  /** service.name here: the child's where it has no other. */
  serviceName: string
  /** OTEL_RESOURCE_ATTRIBUTES as this process announced itself, and what was there before. */
  announced: { now: EnvironmentValue; before: EnvironmentValue }
  /** Path of our preload; undefined where children aren't to be recorded. */
  preload: string | undefined
  /** Environment of this process. */
  own: Readonly<Record<string, EnvironmentValue>>
  /** What this process is recorded with, as environment variables. */
  settings: Readonly<Record<string, string>>
  /** What a recorded child needs to send at all; others don't get it. */
  ingestKey: string | undefined
  /** The trace that the child belongs to, as environment variables. */
  trace: Readonly<Record<string, string>>
  /** Variables of an earlier trace, which isn't the child's. */
  staleTrace: Readonly<Record<string, string>>
}

/** Changes for the environment that the child would have: undefined takes a variable away. */
export function childChanges(
  env: Readonly<Record<string, EnvironmentValue>>,
  context: ChildContext
): Record<string, EnvironmentValue> {
  const changes: Record<string, EnvironmentValue> = {
    MICROLOG_PARENT_ID: context.instanceId,
    MICROLOG_PARENT_NAME: context.serviceName
  }
  const { now, before } = context.announced
  if (now !== undefined && env.OTEL_RESOURCE_ATTRIBUTES === now) changes.OTEL_RESOURCE_ATTRIBUTES = before
  for (const [name, value] of Object.entries(context.settings)) {
    // What the program gives the child goes before ours; what the child merely inherits doesn't.
    const isGiven = env[name] !== undefined && env[name] !== context.own[name]
    if (!isGiven) changes[name] = value
  }
  if (context.preload === undefined) return changes
  if (context.ingestKey !== undefined)
    changes.MICROLOG_INGEST_KEY = env.MICROLOG_INGEST_KEY ?? context.ingestKey
  const options = env.NODE_OPTIONS ?? ''
  const preload = quotedWord(context.preload)
  if (!options.includes(preload)) {
    changes.NODE_OPTIONS = `${options} --require ${preload}`.trim()
  }
  for (const [name, value] of Object.entries(context.staleTrace)) {
    if (env[name] === value) changes[name] = undefined
  }
  for (const [name, value] of Object.entries(context.trace)) {
    if (env[name] === undefined || env[name] === context.staleTrace[name]) changes[name] = value
  }
  return changes
}
