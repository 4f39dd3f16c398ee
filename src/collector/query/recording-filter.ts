import type { RecordingDetail } from '../api.ts'

/** True when each word of the filter is part of the recording's id, label or names, or of its resource's values. */
export function matchesFilter(recording: RecordingDetail, filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return true
  const { id, label, service, namespace, instance, resource } = recording
  const texts = [id, label, service, namespace, instance, ...Object.values(resource)].map(text =>
    text.toLowerCase()
  )
  return words.every(word => texts.some(text => text.includes(word)))
}
