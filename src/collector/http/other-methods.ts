import type { FastifyInstance } from 'fastify'

/** By a path: the methods that it is asked with; none where nothing is there. Knows the routes that are added after it. */
export function methodsByPath(app: FastifyInstance): (path: string) => string[] {
  const routes: { path: RegExp; methods: string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    // A wildcard is for files of any name.
    if (url.includes('*')) return
    const path = new RegExp(`^${url.replace(/[.]/g, '\\.').replace(/:\w+/g, '[^/]+')}$`)
    routes.push({ path, methods: [method].flat() })
  })
  return path => [...new Set(routes.filter(route => route.path.test(path)).flatMap(({ methods }) => methods))]
}
