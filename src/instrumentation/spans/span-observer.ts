import { trace, type Context, type Span, type SpanOptions } from '@opentelemetry/api'
import { spanEnded, spanStarted } from './span-state.ts'

/** What a span processor is given, on every SDK line. */
type SdkSpan = Span & Pick<SpanOptions, 'attributes' | 'kind'> & { name?: string }

/**
 * A span processor that notes ends; starts are seen where spans are started. Matches the SDKs' SpanProcessor of 2.x and
 * 3.x, without importing one.
 */
export class SpanEndObserver {
  onStart(_span: unknown, _parentContext: Context): void {}

  onEnd(span: unknown): void {
    spanEnded(span as SdkSpan)
  }

  forceFlush(): Promise<void> {
    return Promise.resolve()
  }

  shutdown(): Promise<void> {
    return Promise.resolve()
  }
}

/** Where nobody sees the starts: notes those, too. */
export class SpanObserver extends SpanEndObserver {
  override onStart(span: unknown, parentContext: Context): void {
    const started = span as SdkSpan
    spanStarted(started, started.name ?? '', started, trace.getSpan(parentContext))
  }
}
