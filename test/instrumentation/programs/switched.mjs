// Says what it is told on stdin, line by line, and ends with it.
import { createInterface } from 'node:readline'

console.log('ready')
for await (const line of createInterface({ input: process.stdin })) console.log(line)
