// microlog/format: reads and writes .microlog segments, in Node and in browsers.
export { encodeRecording } from './encode-recording.ts'
export type { EncodeOptions } from './encode-recording.ts'
export { openRecording, tellsPaths } from './open-recording.ts'
export type { RecordingFile } from './open-recording.ts'
export type { TracePathColumn } from './decode/trace-paths.ts'
export type { ByteSource } from './decode/block-store.ts'
export type { Codec } from './codec.ts'
export { webCodec } from './web-codec.ts'
export type { SegmentMeta, JournalRange } from './segment-meta.ts'
export type { BlockEntry, LevelCounts, SegmentCounts, SegmentFooter, TraceColumns } from './footer.ts'
export { formatVersion, groups, rollupStepsMs } from './layout.ts'
export type { Group } from './layout.ts'
export type { TimeRange } from '../recording/time-range.ts'
export type { StackCounts } from '../recording/stack-counts.ts'
export type { RolledCurve, StatusRollup } from '../recording/status-rollup.ts'
export { attributeType, internedTables, schema } from '../recording/schema.ts'
export type {
  AttributeSets,
  AttributeType,
  Recording,
  Row,
  Table,
  TableName,
  Tables
} from '../recording/schema.ts'
export { RecordingBuilder } from '../recording/recording-builder.ts'
export { MicrologError } from '../base/errors.ts'
