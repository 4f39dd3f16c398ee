import { createServer, get } from 'node:http'
import { askItself } from './ask-itself.cjs'

await askItself(createServer, get)
