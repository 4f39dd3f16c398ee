import { MicrologError } from '../../base/errors.ts'
import { JobThread, builtScript } from '../jobs/job-thread.ts'
import { encodeProfile } from './encode-profile.ts'
import type { ProfileJob } from './encode-profile.ts'
import type { ProfileResult } from './profile-worker.ts'

const builtWorker = builtScript('./profile-worker.js', import.meta.url)

/** A smaller file is read sooner than a thread starts, bytes. */
const smallFile = 256 * 1024

/**
 * The same as `encodeProfile`, in a thread that lives as long: files are imported seldom, and what one took is given back at
 * once. Here where there is none. `unavailable` where the thread ends over it, for want of memory say.
 */
export async function encodeProfileAside(job: ProfileJob, script = builtWorker): Promise<Uint8Array> {
  if (job.bytes.length < smallFile) return encodeProfile(job)
  const thread = new JobThread<ProfileJob, ProfileResult>(script, 'microlog-import')
  try {
    const result = await thread.do(job)
    if (!result) return await encodeProfile(job)
    if ('bytes' in result) return result.bytes
    throw new MicrologError(result.refusal.code, result.refusal.message)
  } finally {
    await thread.close()
  }
}
