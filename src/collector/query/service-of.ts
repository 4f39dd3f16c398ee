import type { SegmentMeta } from '../../format/index.ts'

/** Of the process that a segment is of: service.name, else the label it was run under. */
export function serviceOf({ resource, label }: SegmentMeta): string {
  return resource?.['service.name'] ?? label
}
