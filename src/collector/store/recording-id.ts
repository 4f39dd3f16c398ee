import { createHash } from 'node:crypto'

/** Who sent a recording: service.namespace, service.name and service.instance.id of its resource. */
export interface RecordingIdentity {
  namespace: string
  name: string
  instance: string
}

const idLength = 26
const idSpace = 36n ** BigInt(idLength)

/** 26 characters [0-9a-z], the same on every collector: 134 bits of the identity's SHA-256, in base 36. */
export function recordingId({ namespace, name, instance }: RecordingIdentity): string {
  const text = [namespace, name, instance].map(part => `${Buffer.byteLength(part)}:${part}`).join('')
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 34)
  return (BigInt(`0x${digest}`) % idSpace).toString(36).padStart(idLength, '0')
}

/** True for what may be a recording's id: the only names that become paths in the store. */
export function isRecordingId(text: string): boolean {
  return /^[0-9a-z]{26}$/.test(text)
}
