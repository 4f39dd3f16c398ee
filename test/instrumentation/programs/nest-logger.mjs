// NestJS's own logger as an ES module of the program's imports it, from the folder that argv names.
import { pathToFileURL } from 'node:url'

const { Logger } = await import(pathToFileURL(`${process.argv[2]}/node_modules/@nestjs/common/index.js`).href)
new Logger('Imported').log('nest imported')
