// node -r: v8-profiler-next as it was compiled for this Node, in the folder that MICROLOG_V8_PROFILER names. What stands in
// node_modules was compiled for the Node that npm ran on.
const Module = require('node:module')

const folder = process.env.MICROLOG_V8_PROFILER
const resolveFilename = Module._resolveFilename
Module._resolveFilename = function (request, ...rest) {
  const asked = request === 'v8-profiler-next' && folder ? `${folder}/node_modules/${request}` : request
  return resolveFilename.call(this, asked, ...rest)
}
