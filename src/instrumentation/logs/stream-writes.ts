// What is written to stdout and stderr, overheard. Formatting a log call a second time instead would run the program's own
// `inspect`, getters and toString twice. The streams are touched only when there is something to hear.
type Write = NodeJS.WriteStream['write']

export interface StreamEar {
  /** The last of what was written since `listen`. */
  last: unknown
  /** Undoes what `listen` had to do for one call. */
  hush(): void
}

export interface StreamWrites {
  /** Begins to hear one call's writes; undefined where the program froze its streams. */
  listen(stream: NodeJS.WriteStream): StreamEar | undefined
  /** Hears every write from now on, too, whoever makes it. */
  hearAll(stream: NodeJS.WriteStream, onWrite: (chunk: unknown, below: Write) => void): void
  stop(): void
}

interface Ear extends StreamEar {
  write: Write
  onWrite: ((chunk: unknown, below: Write) => void) | undefined
  undo(): void
}

export function createStreamWrites(): StreamWrites {
  const ears = new Map<NodeJS.WriteStream, Ear>()

  const earOf = (stream: NodeJS.WriteStream): Ear | undefined => {
    const ear = ears.get(stream)
    if (ear !== undefined && (stream.write === ear.write || Object.hasOwn(stream, 'write'))) return ear
    // The first call, or somebody deleted ours.
    const made = attach(stream)
    if (made === undefined) return undefined
    made.onWrite = ear?.onWrite
    ears.set(stream, made)
    return made
  }
  return {
    listen(stream) {
      const ear = earOf(stream)
      if (ear === undefined) return undefined
      ear.last = undefined
      if (stream.write === ear.write) return ear
      // Theirs lies over ours and may never call it.
      const brief = attach(stream)
      if (brief !== undefined) brief.hush = brief.undo
      return brief
    },
    hearAll(stream, onWrite) {
      const ear = earOf(stream)
      if (ear !== undefined) ear.onWrite = onWrite
    },
    stop() {
      for (const ear of ears.values()) {
        ear.onWrite = undefined
        ear.undo()
      }
      ears.clear()
    }
  }
}

function attach(stream: NodeJS.WriteStream): Ear | undefined {
  const own = Object.getOwnPropertyDescriptor(stream, 'write')
  if (own?.configurable === false || !Object.isExtensible(stream)) return undefined
  const original = stream.write
  const write = function (this: unknown, ...args: unknown[]) {
    ear.last = args[0]
    if (ear.onWrite !== undefined) ear.onWrite(args[0], write)
    return original.apply(this as NodeJS.WriteStream, args as Parameters<Write>)
  } as Write
  const ear: Ear = {
    last: undefined,
    write,
    onWrite: undefined,
    hush() {},
    undo() {
      // Somebody may have put theirs over ours meanwhile; it stays.
      if (Object.getOwnPropertyDescriptor(stream, 'write')?.value !== write) return
      if (own === undefined) Reflect.deleteProperty(stream, 'write')
      else Object.defineProperty(stream, 'write', own)
    }
  }
  Object.defineProperty(write, 'name', { value: 'write' })
  Object.defineProperty(stream, 'write', {
    configurable: true,
    enumerable: own?.enumerable ?? false,
    writable: true,
    value: write
  })
  return ear
}
