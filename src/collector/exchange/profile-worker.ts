// Reads the files of other profilers in a thread of its own: a large one takes seconds, and everything else waited.
import { MicrologError } from '../../base/errors.ts'
import type { ErrorCode } from '../../base/errors.ts'
import { giveWay } from '../jobs/give-way.ts'
import { doJobs } from '../jobs/job-script.ts'
import { encodeProfile } from './encode-profile.ts'
import type { ProfileJob } from './encode-profile.ts'

export type ProfileResult =
  { bytes: Uint8Array<ArrayBuffer> } | { refusal: { code: ErrorCode; message: string } }

giveWay()
doJobs<ProfileJob, ProfileResult>(
  async job => {
    try {
      // A copy that is alone in its memory, so that it can be handed over.
      return { bytes: Uint8Array.from(await encodeProfile(job)) }
    } catch (thrown) {
      if (!(thrown instanceof MicrologError)) throw thrown
      return { refusal: { code: thrown.code, message: thrown.message } }
    }
  },
  result => ('bytes' in result ? [result.bytes.buffer] : [])
)
