import { readOtlpRequest } from '../../dist/convert/otlp/read-request.js'
import { appendRecording } from '../../dist/recording/append-recording.js'
import { RecordingBuilder } from '../../dist/recording/recording-builder.js'

export const otlpLimits = { items: 1e6, attributes: 128, valueBytes: 65536, depth: 64 }

/** The requests of a file in which each is preceded by its length as u32 little-endian. */
export function otlpRequests(file) {
  const requests = []
  for (let at = 0; at < file.length;) {
    const length = file.readUInt32LE(at)
    requests.push(file.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return requests
}

/** All of these requests in one recording: [signal, requests] pairs. */
export function otlpRecording(signals) {
  let builder
  for (const [signal, requests] of signals) {
    for (const request of requests) {
      const { slices } = readOtlpRequest({
        signal,
        encoding: 'protobuf',
        bytes: request,
        identify: () => 'one',
        limits: otlpLimits
      })
      for (const { recording } of slices) {
        builder ??= new RecordingBuilder(recording.epoch)
        appendRecording(builder, recording)
      }
    }
  }
  return builder.snapshot()
}
