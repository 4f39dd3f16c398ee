// What worker threads and child processes are given as --require: it runs in the first turn of what they run, so that what
// that leads to can be told from what comes in later. A Node that can't load the recorder this way goes on without.
if (process.features.require_module) require('./register.js')
