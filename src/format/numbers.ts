/** A column of numbers in memory. */
export type Numbers = Float64Array | Int32Array | Uint32Array | Uint8Array
