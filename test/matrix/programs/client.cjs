const { createServer, get } = require('node:http')
const { askItself } = require('./ask-itself.cjs')

void askItself(createServer, get)
