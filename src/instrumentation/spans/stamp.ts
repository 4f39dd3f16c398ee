class Given {
  constructor(object: object) {
    return object
  }
}

/**
 * A private field on an object that isn't ours: does what a WeakMap would, can't be seen by the program, and takes 14 ns to
 * set where a WeakMap takes 60 (Node 24) to 250 (Node 20), and none of the garbage collector's time later.
 */
export class Stamp<Value> extends Given {
  #value: Value

  /** Puts it on an object that has none yet. */
  constructor(object: object, value: Value) {
    super(object)
    this.#value = value
  }

  static of(object: object): unknown {
    return #value in object ? object.#value : undefined
  }
}
