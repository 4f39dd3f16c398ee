import { cachedInstall } from '../../scripts/cached-install.mjs'

/** The folder of the profilers that programs/peers.mjs sets up. */
export function installPeers() {
  return cachedInstall({ '@datadog/pprof': '5.20', '@pyroscope/nodejs': '0.6.4' })
}
