import { MicrologError } from '../../base/errors.ts'
import { limits } from '../layout.ts'

/** Throws where one can't be sorted, shown or asked for. @param times ns, NaN where it isn't set @param what they are, for the error */
export function checkTimes(times: ArrayLike<number>, what: string): void {
  for (let row = 0; row < times.length; row++) {
    if (!(Math.abs(times[row]!) > limits.time)) continue
    throw new MicrologError('corrupt', `Expected ${what} within 2^64 ns, found ${times[row]}`)
  }
}
