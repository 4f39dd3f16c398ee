import type { MicrologOptions } from './options.ts'
import { packageVersion } from './own-files.ts'
import { startRecorder } from './recorder.ts'

/**
 * `new NodeSDK({ instrumentations: [new MicrologInstrumentation()] })` is all a program needs. Recording starts when this
 * is made: before the SDK reads the environment, and before there is a context manager to wrap. Matches the SDKs'
 * Instrumentation of 2.x and 3.x.
 */
export class MicrologInstrumentation {
  readonly instrumentationName = 'microlog'
  readonly instrumentationVersion = packageVersion
  #config: MicrologOptions & { enabled?: boolean }

  constructor(options: MicrologOptions & { enabled?: boolean } = {}) {
    this.#config = options
    if (options.enabled !== false) startRecorder(options)
  }

  /** The recorder goes on until the process ends: other parts of the program may use it too. */
  disable(): void {}

  enable(): void {
    startRecorder(this.#config)
  }

  setTracerProvider(_provider: unknown): void {}

  setMeterProvider(_provider: unknown): void {}

  setLoggerProvider(_provider: unknown): void {}

  setConfig(config: MicrologOptions & { enabled?: boolean }): void {
    this.#config = config
  }

  getConfig(): MicrologOptions & { enabled?: boolean } {
    return this.#config
  }
}
