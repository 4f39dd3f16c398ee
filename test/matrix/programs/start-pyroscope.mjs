import pyroscope from '@pyroscope/nodejs'

pyroscope.init({ serverAddress: process.env.PYROSCOPE_SERVER_ADDRESS, appName: 'burn' })
pyroscope.start()
