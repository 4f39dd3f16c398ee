// Fills the store of a folder in a thread of its own, so that no garbage of this is left where time is measured.
// Data: the folder and the number of segments. Tells what fillTraceStore gives.
import { parentPort, workerData } from 'node:worker_threads'
import { openStore } from '../../dist/collector/open-store.js'
import { fillTraceStore } from '../data/trace-store.mjs'

const { catalog } = await openStore(workerData.store)
parentPort.postMessage(await fillTraceStore(catalog, workerData.segments))
