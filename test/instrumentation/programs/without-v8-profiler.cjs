// Preloaded: makes v8-profiler-next what it is where nothing compiles.
const Module = require('node:module')

const resolve = Module._resolveFilename
Module._resolveFilename = function (request, ...rest) {
  if (request === 'v8-profiler-next')
    throw new Error(`Cannot find module '${request}'\nRequire stack:\n- here`)
  return resolve.call(this, request, ...rest)
}
